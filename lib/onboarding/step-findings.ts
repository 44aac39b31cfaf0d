import { type Permissions, permissionsVerdict } from '#lib/chain/permissions.ts';
import { firstOf } from '#lib/core/first-of.ts';
import type { Params, PrerequisiteRow } from './prerequisite-facts.ts';
import { countRows } from './prerequisite-rows.ts';
import type { StepName } from './schema.ts';
import type { Finding } from './steps.ts';

type Why = { code: string; params: Params };
type Problem = { level: 'broken' | 'attention'; code: string; params: Params };
/** A reading of the chain or the own node; `at` in ms. */
type Read<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string; error?: Why };

/** What the house can read of how far this host is. Each part may be unknown by itself. */
export type StepFacts = {
  now: number;
  rows: readonly PrerequisiteRow[];
  deployment: { state: 'ok'; dir: string; release?: string; problems: Problem[] } | { state: 'absent'; /** Deployments on this machine that could be chosen. */ found?: string[] } | { state: 'unknown'; error: Why };
  /** Of the key in config.env. */
  account?: { address: string };
  config?: { /** config.env is there. */ present: boolean; problems: Problem[]; error?: Why; /** node-config.json as the api would read it. */ nodes: 'ok' | 'missing' | 'broken' | 'unknown'; nodeCount: number };
  /** Whether the API node's keyring has the key KEY_NAME, by its file (measured 3). */
  operationalKey?: { state: 'present' | 'absent' | 'unknown'; name?: string; /** The keyring's directory on the host. */ keyring?: string; /** As the keyring's file names have it. */ address?: string };
  /** Whom the account key has to allow, and what of it the chain has. */
  permissions?: { key: { state: 'known' } | { state: 'absent'; name: string } | { state: 'unknown' }; read: Read<Permissions> };
  /** PUBLIC_URL of config.env. */
  publicUrl?: string;
  /** Images of the active services and whether they are here; undefined when the engine can't be asked. */
  images?: { image: string; here: boolean; /** False: made for another processor. */ fits?: boolean }[];
  /** Weights of the configured models, as lib/models has them or `elsewhere`; `offline`: the ML node may not fetch them itself. Undefined when node-config.json can't be read. */
  weights?: { offline: boolean; models: { model: string; state: string; beside?: true }[] };
  engine: { ok: boolean; at: number; source: string; error?: Why };
  /** Health of every active service, by name. */
  services: { name: string; role: string; health: string }[];
  node: Read<{ height: number; synced: boolean; catchingUp: boolean; validatorKey: string }>;
  own: Read<{ registered?: boolean; inSet?: boolean; record?: { url: string; validatorKey: string }; active?: { weight: number; validatorKey: string } }>;
  /** Whether the own api answers. */
  api: Read<true>;
  /** The account that it works for, by its own word. */
  apiAccount?: Read<string>;
  epoch: Read<{ epoch: number; nextPocStart: number }>;
  set: Read<{ epoch: number }>;
};

/** How long the chain's record speaks for registration (lib/watch/own-reading.ts keeps the same time). */
const RECORD_VALID_MS = 5 * 60_000;

const done = (code: string, params: Params, source?: string, at?: number): Finding => ({ state: 'done', evidence: { code, params, ...(source ? { source } : {}), ...(at === undefined ? {} : { at }) } });
const missing = (code: string, params: Params = {}, source?: string, at?: number): Finding => ({ ...done(code, params, source, at), state: 'missing' });
const unknown = (code: string, error?: Why, source?: string, at?: number, params: Params = {}): Finding => ({ state: 'unknown', evidence: { code, params, ...(source ? { source } : {}), ...(at === undefined ? {} : { at }), ...(error ? { error } : {}) } });
/** What the evidence of each step says by itself. Pure. */
export function stepFindings(facts: StepFacts): Record<StepName, Finding> {
  return {
    prerequisites: prerequisites(facts), 'account-key': accountKey(facts), deployment: deployment(facts), configuration: configuration(facts), images: images(facts),
    'start-chain': startChain(facts), 'ml-key': operationalKey(facts), register: register(facts), grant: grant(facts), launch: launch(facts), verify: verify(facts),
  };
}

/** What wasn't measured is not met: a tick needs every row. */
function prerequisites({ rows, now }: StepFacts): Finding {
  const count = countRows(rows.filter(({ apart }) => !apart));
  if (count.broken > 0) return missing('rows_broken', count, undefined, now);
  const engine = rows.find(({ id }) => id === 'engine');
  if (!engine || count.unknown > 0) return unknown('rows_unknown', engine?.state === 'unknown' ? engine.error : undefined, undefined, now, count);
  return done('rows_ok', count, undefined, now);
}

function accountKey({ account, deployment: dir, now }: StepFacts): Finding {
  if (account) return done('account', { address: account.address }, 'config.env', now);
  if (dir.state === 'unknown') return unknown('deployment_unread', dir.error);
  // The config.env of a directory that nobody has chosen may hold it.
  return isUnchosen(dir) ? unknown('directory_found', undefined, undefined, undefined, unchosen(dir)) : missing('no_account');
}

type Unchosen = { found: string[] };
const isUnchosen = (dir: StepFacts['deployment']): dir is Extract<StepFacts['deployment'], { state: 'absent' }> & Unchosen => dir.state === 'absent' && (dir.found?.length ?? 0) > 0;
const unchosen = ({ found }: Unchosen): Params => ({ dir: found[0] ?? '', count: found.length });

function deployment({ deployment: dir, now }: StepFacts): Finding {
  if (isUnchosen(dir)) return missing('directory_found', unchosen(dir));
  if (dir.state === 'absent') return missing('no_directory');
  // A directory that is gone is evidence too; one that may not be read is none.
  if (dir.state === 'unknown') return /deploy_dir_(not_found|not_directory|no_compose|not_gonka)/.test(dir.error.code) ? { ...missing('directory_bad'), evidence: { code: 'directory_bad', params: {}, error: dir.error } } : unknown('deployment_unread', dir.error);
  if (dir.problems.some(({ code }) => code === 'compose_absent')) return unknown('compose_absent', undefined, dir.dir, now);
  const broken = dir.problems.find(({ level, code }) => level === 'broken' && code.startsWith('compose_'));
  return broken ? missing('files_broken', { dir: dir.dir }, dir.dir, now) : done('directory', { release: dir.release ?? '', known: dir.release ? 'yes' : 'no' }, dir.dir, now);
}

function configuration({ config, deployment: dir, now }: StepFacts): Finding {
  if (dir.state === 'absent') return missing('no_directory');
  if (!config) return unknown('deployment_unread', dir.state === 'unknown' ? dir.error : undefined);
  if (config.error && !config.present) return unknown('config_unread', config.error, 'config.env', now);
  if (!config.present) return missing('no_config', {}, 'config.env', now);
  const broken = config.problems.filter(({ level }) => level === 'broken');
  if (broken.length > 0) return missing('config_broken', { count: broken.length, names: firstOf([...new Set(broken.map(({ params }) => String(params.variable ?? '')).filter(Boolean))], 4) || '–' }, 'config.env', now);
  if (config.nodes === 'unknown') return unknown('nodes_unread', undefined, 'node-config.json', now);
  if (config.nodes !== 'ok') return missing(config.nodes === 'missing' ? 'no_nodes' : 'nodes_broken', {}, 'node-config.json', now);
  return done('config', { nodes: config.nodeCount }, 'config.env, node-config.json', now);
}

/** Images are needed; weights that are missing the ML node fetches at its first start, where it may: that is said, and holds nothing up. */
function images({ images: list, weights, engine, deployment: dir }: StepFacts): Finding {
  if (dir.state === 'absent') return missing('no_directory');
  if (!list) return unknown('engine', engine.error, engine.source, engine.at);
  if (list.length === 0) return unknown('no_services', undefined, engine.source, engine.at);
  const short = (all: { image: string }[]) => firstOf(all.map(({ image }) => image.replace(/@sha256:.*$/, '').split('/').at(-1) ?? image), 3);
  const absent = list.filter(({ here }) => !here);
  if (absent.length > 0) return missing('images_absent', { count: list.length, absent: absent.length, names: short(absent) }, engine.source, engine.at);
  const wrong = list.filter(({ fits }) => fits === false);
  if (wrong.length > 0) return missing('images_wrong', { count: wrong.length, names: short(wrong) }, engine.source, engine.at);
  const own = weights?.models.filter(({ state }) => state !== 'elsewhere') ?? [];
  const params = { count: list.length, of: own.length, ready: own.filter(({ state }) => state === 'complete').length };
  const lacking = own.filter(({ state }) => state === 'absent' || state === 'partial');
  // Whether an unfinished file beside whole weights belongs to them isn't known, and so no reason to fetch them.
  if (weights?.offline && lacking.length > 0 && lacking.every(({ beside }) => beside)) return unknown('weights_beside', undefined, engine.source, engine.at, { ...params, names: firstOf(lacking.map(({ model }) => model), 3) });
  if (weights?.offline && lacking.length > 0) return missing('weights_offline', { ...params, names: firstOf(lacking.map(({ model }) => model), 3) }, engine.source, engine.at);
  return done('images', { ...params, weights: weightsWord(weights, own.length, params.ready, lacking.length) }, engine.source, engine.at);
}

function weightsWord(weights: StepFacts['weights'], own: number, ready: number, lacking: number): string {
  if (!weights) return 'unread';
  if (own === 0) return weights.models.length > 0 ? 'elsewhere' : 'none';
  if (ready === own) return 'complete';
  return lacking > 0 ? 'later' : 'unseen';
}

function startChain({ services, engine, node, deployment: dir }: StepFacts): Finding {
  if (dir.state === 'absent') return missing('no_directory');
  if (!engine.ok) return unknown('engine', engine.error, engine.source, engine.at);
  const chain = services.filter(({ role }) => role === 'tmkms' || role === 'node');
  const down = ['tmkms', 'node'].filter((role) => !chain.some((one) => one.role === role && one.health === 'running'));
  if (down.length > 0) return missing('chain_down', { services: down.join(', ') }, engine.source, engine.at);
  if (node.state !== 'ok' || !node.value) return unknown('node_unread', node.error, node.source, node.at);
  const { height, synced } = node.value;
  return synced ? done('synced', { height }, node.source, node.at) : missing('syncing', { height }, node.source, node.at);
}

/** A keyring that may not be read is not an empty one. */
function operationalKey({ operationalKey: key, deployment: dir, now }: StepFacts): Finding {
  if (dir.state === 'absent') return missing('no_directory');
  if (!key || key.state === 'unknown' || !key.name) {
    const keyring = key?.keyring ?? (dir.state === 'ok' ? `${dir.dir}/.inference/keyring-file` : undefined);
    return unknown('ml_key_unread', undefined, '.inference/keyring-file', now, { name: key?.name ?? 'KEY_NAME', ...(keyring ? { keyring } : {}) });
  }
  if (key.state === 'present' && key.address) return done('ml_key_address', { name: key.name, address: key.address }, '.inference/keyring-file', now);
  return key.state === 'present' ? done('ml_key', { name: key.name }, '.inference/keyring-file', now) : missing('no_ml_key', { name: key.name }, '.inference/keyring-file', now);
}

/** Our URL and our consensus key on chain, or it isn't proven (measured 8): what a command printed is no evidence. */
function register({ own, node, publicUrl, now }: StepFacts): Finding {
  const { value, at, source, error } = own;
  const fresh = at !== undefined && Math.abs(now - at) < RECORD_VALID_MS;
  if (fresh && value?.registered === false) return missing('not_registered', {}, source, at);
  const record = value?.record;
  if (!record || !fresh) return error?.code === 'chain_no_account_key' ? missing('no_account') : unknown('record_unread', error, source, at);
  if (!publicUrl) return unknown('no_public_url', undefined, source, at);
  if (record.url !== publicUrl) return missing('url_differs', { chain: record.url, ours: publicUrl }, source, at);
  if (node.state !== 'ok' || !node.value?.validatorKey) return unknown('own_key_unread', node.error, node.source, node.at);
  if (record.validatorKey !== node.value.validatorKey) return missing('key_differs', {}, source, at);
  return done('registered', { url: record.url }, source, at);
}

const DAY_MS = 24 * 60 * 60_000;

/** Every permission that the release needs, in force, in a whole and young list: one that is missing costs epochs. */
function grant({ permissions, account, deployment: dir, now }: StepFacts): Finding {
  if (dir.state === 'absent') return missing('no_directory');
  if (!permissions) return unknown('deployment_unread', dir.state === 'unknown' ? dir.error : undefined);
  if (!account) return missing('no_account');
  const { key, read: { state, value, at, source, error } } = permissions;
  if (key.state === 'absent') return missing('no_ml_key', { name: key.name }, '.inference/keyring-file', now);
  if (key.state === 'unknown') return unknown('ml_address_unread', undefined, '.inference/keyring-file', now);
  if (state !== 'ok' || !value || at === undefined || Math.abs(now - at) >= RECORD_VALID_MS) return unknown('grants_unread', error, source, at);
  const lacking = value.needed.filter((one) => one.state !== 'granted');
  const count = { count: value.needed.length, lacking: lacking.length };
  if (lacking.length > 0) return missing(lacking.every((one) => one.state === 'expired') ? 'grants_expired' : 'grants_missing', count, source, at);
  if (permissionsVerdict(value) === 'unclear') return unknown('grants_unclear', undefined, source, at, count);
  return done('grants', { ...count, known: value.until === undefined ? 'no' : 'yes', days: value.until === undefined ? 0 : Math.floor((value.until - now) / DAY_MS) }, source, at);
}

/** A container that runs while its port stays closed is no proof (measured 34): the api has to answer. */
function launch({ services, engine, api, apiAccount, account, deployment: dir }: StepFacts): Finding {
  if (dir.state === 'absent') return missing('no_directory');
  if (!engine.ok) return unknown('engine', engine.error, engine.source, engine.at);
  if (services.length === 0) return unknown('no_services', undefined, engine.source, engine.at);
  const down = services.filter(({ health }) => health !== 'running');
  const params = { count: services.length, down: down.length, names: firstOf(down.map(({ name }) => name), 4) };
  if (down.length > 0) return missing('services_down', params, engine.source, engine.at);
  // Its container may have been made before config.env got this account.
  if (apiAccount?.state === 'ok' && apiAccount.value && account && apiAccount.value !== account.address) return missing('api_other_account', { api: apiAccount.value, ours: account.address }, apiAccount.source, apiAccount.at);
  return api.state === 'ok' ? done('services_up', params, engine.source, engine.at) : unknown('api_unread', api.error, api.source, api.at);
}

/** The account in the set may be another host's: it is this one only by the consensus key of its own node. */
function verify({ own, node, set, epoch, now }: StepFacts): Finding {
  const { value, at, source, error } = own;
  if (set.state === 'ok' && value?.inSet === true) {
    const fresh = at !== undefined && Math.abs(now - at) < RECORD_VALID_MS;
    const chainKey = (fresh && value.record?.validatorKey) || value.active?.validatorKey;
    const nodeKey = node.state === 'ok' ? node.value?.validatorKey : undefined;
    if (!chainKey || !nodeKey) return unknown('set_key_unread', node.error, node.source, node.at);
    if (chainKey !== nodeKey) return missing('key_differs', {}, set.source, set.at);
    return done('in_set', { epoch: set.value?.epoch ?? 0, weight: value.active?.weight ?? 0 }, set.source, set.at);
  }
  if (error?.code === 'chain_no_account_key') return missing('no_account');
  if (value?.registered === false) return missing('not_registered', {}, source, at);
  if (set.state === 'ok' && value?.inSet === false) return missing('not_in_set', { next: epoch.value?.nextPocStart ?? 0, known: epoch.state === 'ok' ? 'yes' : 'no' }, set.source, set.at);
  return unknown('set_unread', set.error ?? error, set.source, set.at);
}
