import { accountKeyState } from '#lib/chain/account-key.ts';
import { OWN_SOURCE } from '#lib/chain/reading.ts';
import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { publicUrl, seedApi } from '#lib/deployment/address-rules.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { tmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import { type RecordVerdict, recordVerdict } from './register-verdict.ts';
import type { Words } from '#lib/operations/schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** What is told to the chain: all of it public. `seed`: base URL of the seed that passes it on. */
export type Registration = { url: string; accountKey: string; address: string; seed: string; api: DeploymentService };

/** From config.env. Throws register_no_url, register_url_password, register_url_private, register_no_account, register_no_seed, service_unknown. */
export function registrationOf(of: Deployment): Registration {
  const { PUBLIC_URL: url = '', SEED_API_URL: seed = '', ACCOUNT_PUBKEY } = of.values;
  const refuse = (code: string, params: Record<string, string | number> = {}): never => {
    throw new PanelError(code, params, { status: 409 });
  };
  const problem = publicUrl(url);
  if (problem?.code === 'public_url_invalid') refuse('register_no_url');
  if (problem?.code === 'url_password') refuse('register_url_password', { variable: 'PUBLIC_URL' });
  // The command would say "successful" all the same (measured 39), and a URL on chain is changed by the cold key only.
  if (problem) refuse('register_url_private', { host: String(problem.params?.host ?? '') });
  const account = accountKeyState(ACCOUNT_PUBKEY);
  if (account.state !== 'ok') return refuse('register_no_account');
  const seedProblem = seedApi(seed);
  if (seedProblem) refuse(seedProblem.code === 'url_password' ? 'register_url_password' : 'register_no_seed', { variable: 'SEED_API_URL' });
  const api = of.services.find((one) => one.role === 'api' && one.active);
  if (!api) return refuse('service_unknown', { service: 'api' });
  return { url, accountKey: account.key, address: account.address, seed: seed.replace(/\/+$/, ''), api };
}

export type OwnKey = { key: string; by: 'node' | 'tmkms' };

/** The consensus key (base64) that this host signs with: by its node's RPC, else by the image's own `tmkms-pubkey`. Throws register_no_consensus_key. */
export async function ownConsensusKey(of: Deployment): Promise<OwnKey> {
  const node = await surroundings().nodeKey();
  if (node.state === 'known') return { key: node.key, by: 'node' };
  const folder = await tmkmsKeyOf(of);
  if (folder) return { key: folder, by: 'tmkms' };
  throw new PanelError('register_no_consensus_key', {}, { status: 409 });
}

/** The key in `.tmkms`, undefined when it can't be read. */
export async function tmkmsKeyOf(of: Deployment): Promise<string | undefined> {
  const tmkms = of.services.find((one) => one.role === 'tmkms');
  const folder = tmkms && (await tmkmsFolder(tmkms));
  return folder?.state === 'key' ? folder.publicKey : undefined;
}

/**
 * The guide's command (3.2) in the same one-off container, without its shell and with the consensus key named: what is
 * shown is what the chain gets. The keyring's password has no business there and is left empty.
 */
export function registerArgs({ api, url, accountKey, seed }: Registration, consensusKey: string): string[] {
  return ['run', '--rm', '--no-deps', '-T', '-e', 'KEYRING_PASSWORD=', '--entrypoint', 'inferenced', api.name, 'register-new-participant', url, accountKey, '--node-address', seed, '--consensus-key', consensusKey];
}

/** What the chain has of this host now. */
export const recordOf = async (want: { address: string; url: string; key: string }): Promise<RecordVerdict> => recordVerdict(await surroundings().participant(want.address, true), want, clock.now());

export const proven = (want: { url: string; key: string; address: string }, source: string): Words => ({ code: 'registered', params: { url: want.url, key: want.key, address: want.address, source: source === OWN_SOURCE ? 'own' : source } });

function found(verdict: RecordVerdict, want: { address: string; url: string; key: string }): Words {
  if (verdict.state === 'registered') return proven(want, verdict.source);
  if (verdict.state === 'absent') return { code: 'not_on_chain', params: { address: want.address } };
  if (verdict.state === 'unknown') return { code: 'cannot_tell', params: { why: verdict.why } };
  return { code: 'on_chain_otherwise', params: { url: verdict.url || '-', key: verdict.state === 'other-key' ? verdict.key || '-' : want.key } };
}

/** No container of the deployment is changed; what is true is the chain's record. Throws what keeps the command from being known. */
export async function registerSituation(of: Deployment): Promise<Situation> {
  const registration = registrationOf(of);
  const want = { ...registration, key: (await ownConsensusKey(of)).key };
  const composeArgs = registerArgs(registration, want.key);
  return { deployment: of, affected: [], composeArgs, command: composeCommand(of.project, composeArgs), found: found(await recordOf(want), want) };
}
