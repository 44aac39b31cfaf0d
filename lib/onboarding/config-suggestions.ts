import path from 'node:path';
import type { Listener } from '#lib/host/listeners.ts';
import type { OwnAddress } from '#lib/host/own-addresses.ts';

/** A value that this machine proposes, with the reason: words under `configStep.reasons.<code>`. */
export type Suggestion = { value: string; code: string; params: Record<string, string | number>; source: string };

/** The quickstart's seven, in its order. */
export const GUIDE_VARIABLES = ['KEY_NAME', 'KEYRING_PASSWORD', 'API_PORT', 'PUBLIC_URL', 'P2P_EXTERNAL_ADDRESS', 'HF_HOME', 'ACCOUNT_PUBKEY'] as const;

export type SuggestionFacts = {
  hostName: string;
  addresses: { public: OwnAddress[] };
  /** Undefined: the kernel doesn't say. */
  heard: Listener[] | undefined;
  /** Host ports of this deployment's own containers: taken by nobody else. Undefined: Docker doesn't say, so nobody knows whose a port in use is. */
  ownPorts: readonly number[] | undefined;
  /** Roomiest first. */
  roomy: readonly { root: string; freeBytes: number }[];
  /** Names of the keys in the keyring of the API node. */
  keys: readonly string[];
  /** Values of config.env, or of its template where there is none yet; no placeholders. */
  values: Readonly<Record<string, string>>;
  /** SEED_API_URLS, where it isn't the quickstart's. */
  seeds?: readonly string[];
};

/** Publishes 26656 of node: fixed in upstream's compose file (facts 2.3). */
const P2P_PORT = 5000;

/** What this machine proposes for config.env; a variable that it can say nothing about is absent. Pure. */
export function configSuggestions(known: SuggestionFacts): Record<string, Suggestion> {
  const facts = known.ownPorts ? known : { ...known, heard: undefined };
  const api = apiPort(facts);
  const address = facts.addresses.public[0];
  const port = facts.values.API_PORT && !taken(facts, Number(facts.values.API_PORT)) ? facts.values.API_PORT : api.value;
  return {
    KEY_NAME: keyName(facts),
    API_PORT: api,
    ...(address && {
      PUBLIC_URL: { value: `http://${address.address}:${port}`, code: 'address_own', params: { address: address.address, card: address.card }, source: address.card },
      P2P_EXTERNAL_ADDRESS: { value: `tcp://${address.address}:${P2P_PORT}`, code: 'p2p_own', params: { address: address.address, card: address.card }, source: address.card },
    }),
    ...hfHome(facts),
    ...movedPort(facts, 'PORT', 8080),
    ...movedPort(facts, 'INFERENCE_PORT', 5050),
    ...seeds(facts),
  };
}

function keyName({ keys, hostName }: SuggestionFacts): Suggestion {
  const [only, ...others] = keys;
  if (only && others.length === 0) return { value: only, code: 'key_there', params: { name: only }, source: '.inference/keyring-file' };
  const name = hostName.split('.')[0]?.toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return { value: name ? `gonka-${name}` : 'gonka-node', code: 'key_host', params: { host: hostName }, source: 'hostname' };
}

/** The program that has a port, when it isn't this deployment. */
const taken = ({ heard, ownPorts }: SuggestionFacts, port: number): Listener | undefined => (ownPorts?.includes(port) ? undefined : heard?.find((one) => one.protocol === 'tcp' && one.port === port));

function freePort(facts: SuggestionFacts, from: number, not: readonly string[]): number {
  for (let port = from; port < from + 100; port += 1) if (!taken(facts, port) && !not.includes(String(port))) return port;
  return from;
}

function apiPort(facts: SuggestionFacts): Suggestion {
  const { PORT = '8080', INFERENCE_PORT = '5050', API_SSL_PORT = '8443' } = facts.values;
  const port = freePort(facts, 8000, [PORT, INFERENCE_PORT, API_SSL_PORT]);
  const holder = taken(facts, 8000);
  if (!facts.heard) return { value: '8000', code: 'port_usual', params: { port: '8000' }, source: 'config.env.template' };
  if (holder) return { value: String(port), code: 'port_taken', params: { taken: '8000', process: holder.process ?? 'unknown', port: String(port) }, source: '/proc/net' };
  return { value: String(port), code: 'port_free', params: { port: String(port) }, source: '/proc/net' };
}

/** A port that stays as the guide has it, unless somebody else has it. */
function movedPort(facts: SuggestionFacts, name: string, usual: number): Record<string, Suggestion> {
  const now = facts.values[name] ?? String(usual);
  const holder = taken(facts, Number(now));
  if (!holder) return {};
  const { API_PORT = '8000', PORT = '8080', INFERENCE_PORT = '5050' } = facts.values;
  const port = freePort(facts, usual + 1, [API_PORT, PORT, INFERENCE_PORT]);
  return { [name]: { value: String(port), code: 'port_taken', params: { taken: now, process: holder.process ?? 'unknown', port: String(port) }, source: '/proc/net' } };
}

function hfHome({ roomy }: SuggestionFacts): Record<string, Suggestion> {
  const [place] = roomy;
  if (!place) return {};
  return { HF_HOME: { value: path.posix.join(place.root, 'hf-cache'), code: 'disk_room', params: { root: place.root, free: Math.floor(place.freeBytes / 1e9), disks: roomy.length }, source: 'statfs' } };
}

/** The seeds' RPC is behind their proxy now (facts 2.2, 12): 26657 of the older templates answers nobody. */
function seeds({ values, seeds: given }: SuggestionFacts): Record<string, Suggestion> {
  const found: Record<string, Suggestion> = {};
  const propose = (name: string, value: string, code: string, params: Suggestion['params'], source: string) => {
    if (values[name] !== undefined && values[name] !== value) found[name] = { value, code, params, source };
  };
  if (given?.[0]) {
    const [first, second = first] = given as [string, string?];
    const host = URL.parse(first)?.hostname ?? '';
    propose('SEED_API_URL', first, 'seed_panel', { url: first }, 'SEED_API_URLS');
    propose('SEED_NODE_RPC_URL', `${first}/chain-rpc/`, 'seed_panel', { url: first }, 'SEED_API_URLS');
    propose('SEED_NODE_P2P_URL', `tcp://${host}:${P2P_PORT}`, 'seed_panel', { url: first }, 'SEED_API_URLS');
    propose('RPC_SERVER_URL_1', `${second}/chain-rpc/`, 'seed_panel', { url: second }, 'SEED_API_URLS');
    propose('RPC_SERVER_URL_2', `${first}/chain-rpc/`, 'seed_panel', { url: first }, 'SEED_API_URLS');
    return found;
  }
  for (const name of ['SEED_NODE_RPC_URL', 'RPC_SERVER_URL_1', 'RPC_SERVER_URL_2']) {
    const url = URL.parse(values[name] ?? '');
    if (url?.port === '26657' && url.hostname.includes('.')) propose(name, `http://${url.hostname}:8000/chain-rpc/`, 'rpc_moved', { host: url.hostname }, 'FAQ, 2026-08-22');
  }
  return found;
}
