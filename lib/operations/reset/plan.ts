import type { Deployment } from '#lib/deployment/schema.ts';
import { tmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import { containersUsing } from '#lib/docker/containers-using.ts';
import { bytesOf, filesOf, whatGoes } from './listing.ts';
import { resetPlaces } from './places.ts';
import { holdsKey, type ResetPart, resetParams } from './schema.ts';
import type { Membership } from '#lib/operations/gate.ts';
import type { Gate } from '#lib/operations/schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** Containers that are up and have something of this part mounted. Throws reset_*, engine_*. */
export async function inUse(of: Deployment, part: ResetPart): Promise<string[]> {
  const names = await Promise.all((await resetPlaces(of, part)).map(({ mounted }) => containersUsing(mounted)));
  return [...new Set(names.flat())].sort();
}

/** The service whose stop a part means, for words about it. */
const SERVICE: Record<ResetPart, string> = { chain: 'node', dapi: 'api', tmkms: 'tmkms', weights: 'mlnode', everything: 'node' };

/**
 * Whether the host is out of the active set, as deleting its keys needs to know it. That the chain knows no such account is
 * no proof for the key in the folder: config.env may name the wrong account. So the chain is asked for the key itself.
 */
async function keyMembership(of: Deployment, stands: Membership): Promise<Membership> {
  const { ownKey, holders } = surroundings();
  if (stands !== 'out' || (await ownKey()).state === 'registered') return stands;
  const tmkms = of.services.find((one) => one.role === 'tmkms');
  const folder = tmkms && (await tmkmsFolder(tmkms));
  if (!folder || folder.state === 'empty') return 'out';
  if (folder.state === 'unknown') return 'unknown';
  const { state, value } = await holders(folder.publicKey);
  return state === 'ok' && value?.addresses.length === 0 ? 'out' : 'unknown';
}

/** How the host stands in the active set, as deleting what holds a key and what holds none need to know it. */
export type Standing = { host: Membership; keys: Membership };
export async function hostStanding(of: Deployment): Promise<Standing> {
  const host = await surroundings().membership();
  return { host, keys: await keyMembership(of, host) };
}

/**
 * What speaks against deleting: a container that uses the folder, always; a host that is in the active set or may be, where
 * a key is inside, and elsewhere without a typed reason (laws "Stop only with proof" and "`.tmkms` is sacred").
 */
export async function resetGate(of: Deployment, part: ResetPart, standing = hostStanding(of)): Promise<Gate> {
  const [used, { host, keys }] = await Promise.all([inUse(of, part), standing]);
  if (used.length > 0) return { answer: 'refused', why: 'reset_running', params: { containers: used.join(', ') } };
  const membership = holdsKey(part) ? keys : host;
  if (membership === 'out') return { answer: 'yes' };
  if (holdsKey(part)) return { answer: 'refused', why: membership === 'in' ? 'reset_active' : 'reset_membership', params: {} };
  return { answer: 'reason-needed', reasons: [{ why: membership === 'in' ? 'active_set' : 'membership_unknown', params: { service: SERVICE[part] } }] };
}

/** Touches no container: those that use the folder are down, or nothing is done. */
export async function resetPlan(of: Deployment, params: unknown): Promise<Situation> {
  const { part } = resetParams.parse(params);
  const { places, trees } = await whatGoes(of, part);
  const found = { code: 'reset_found', params: { files: filesOf(trees), bytes: bytesOf(trees), folders: places.map((one) => one.dir).join(', ') } };
  return { deployment: of, affected: [], command: [], found, gate: await resetGate(of, part) };
}
