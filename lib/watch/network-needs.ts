import type { HostPicture } from './host-picture.ts';
import { need, type Need } from './need.ts';
import type { NetworkSnapshot } from './network-readings.ts';
import { chainKeyOf, contradicted } from './own-reading.ts';
import { upFor, type ServiceRole } from './service-health.ts';

/** What the network and the own node say needs the operator. */
export function networkNeeds({ network, permissions, deployment, services, containers, now }: HostPicture): Need[] {
  if (!network || deployment.state !== 'ok') return [];
  const up: Up = (role, forMs = 0) => upFor(services, containers, role, forMs, now);
  return [...nodeNeeds(network, up), ...membershipNeeds(network, up), ...permissionNeeds(network, permissions, now), ...seedNeeds(network)];
}

type Up = (role: ServiceRole, forMs?: number) => boolean;
/** A service that started less than this ago may still be silent. */
export const STARTING_MS = 60_000;
const NODE_LOGS = '/logs?service=node&service=tmkms';

function nodeNeeds({ ownNode, ownApi, own, seeds }: NetworkSnapshot, up: Up): Need[] {
  const list: Need[] = [];
  const node = ownNode.value;
  if (up('node')) {
    const settled = up('node', STARTING_MS);
    if (ownNode.state !== 'ok' || !node) {
      if (settled) list.push(need('unknown', 'node_silent', {}, NODE_LOGS));
    } else if (node.catchingUp) list.push(need('attention', 'node_syncing', { height: node.height, target: node.seedHeight ?? 0, known: node.seedHeight === undefined ? 'no' : 'yes' }, NODE_LOGS));
    else if (!node.synced && settled) {
      const behind = (node.seedHeight ?? 0) > node.height;
      list.push(behind ? need('broken', 'node_behind', { height: node.height, target: node.seedHeight ?? 0 }, NODE_LOGS) : need('broken', 'node_no_new_blocks', { height: node.height }, NODE_LOGS));
    }
    if (ownNode.state === 'ok' && node?.peers === 0 && settled) list.push(need('attention', 'node_no_peers', {}, NODE_LOGS));
    if (node && contradicted(seeds)) list.push(need('broken', 'node_wrong_chain', { chain: node.chainId }, '/network'));
    // A container that runs while its port stays closed: measured 34.
    if (up('api', STARTING_MS) && node?.synced && ownApi.state !== 'ok' && ownApi.error) list.push(need('broken', 'api_silent', {}, '/logs?service=api'));
  }
  const registered = chainKeyOf(own.value);
  if (ownNode.state === 'ok' && registered && node?.validatorKey && registered !== node.validatorKey) list.push(need('broken', 'consensus_key_differs', {}, '/network'));
  return list;
}

function membershipNeeds({ own, ownNode, participants, epoch }: NetworkSnapshot, up: Up): Need[] {
  // Who runs the api wants to earn: then it matters that nobody knows this host, or that it has no place in the set.
  if (!up('api')) return [];
  if (own.error?.code === 'chain_no_account_key') return [need('attention', 'no_account_key', {}, '/deployment')];
  if (own.value?.registered === false) return [need('attention', 'not_registered', { address: own.value.address }, '/network')];
  if (participants.state !== 'ok') return [];
  if (participants.value?.pocFailed) return [need('attention', 'poc_failed', { epoch: participants.value.epoch }, '/network')];
  // A node that is still syncing is the reason, and said already.
  if (ownNode.value?.synced !== true || own.value?.inSet !== false) return [];
  return [need('attention', own.value.active ? 'zero_weight' : 'not_in_set', { epoch: epoch.value?.epoch ?? 0 }, '/network')];
}

const DAY_MS = 86_400_000;
/** They last a year (facts 8.2); a month before their end is time to renew them (facts 14). */
const RENEW_MS = 30 * DAY_MS;
const GRANT = '/onboarding/grant';

/** Without its permissions the api's transactions fail, and with them PoC and the claim: said of a registered host only, as everybody begins without. */
function permissionNeeds({ own }: NetworkSnapshot, permissions: HostPicture['permissions'], now: number): Need[] {
  if (permissions?.state !== 'ok' || !permissions.value || own.value?.registered !== true) return [];
  const { needed, until } = permissions.value;
  const lacking = needed.filter(({ state }) => state !== 'granted').length;
  if (lacking > 0) return [need('attention', 'grants_missing', { lacking, count: needed.length }, GRANT)];
  return until !== undefined && until - now < RENEW_MS ? [need('attention', 'grants_expire', { days: Math.max(0, Math.floor((until - now) / DAY_MS)) }, GRANT)] : [];
}

function seedNeeds({ seeds, epoch }: NetworkSnapshot): Need[] {
  const list: Need[] = [];
  const asked = seeds.filter((seed) => seed.state !== 'unknown' || seed.error);
  const failing = asked.length > 0 && asked.every((seed) => seed.state !== 'ok' && seed.state !== 'frozen' && seed.state !== 'wrong-chain');
  if (failing) {
    const names = { seeds: asked.map((seed) => seed.host).join(', '), count: asked.length };
    list.push(need('unknown', asked.some((seed) => seed.state === 'rate-limited') ? 'seeds_rate_limited' : 'seeds_unreachable', names, '/network'));
  }
  if (epoch.state !== 'ok' && epoch.error?.code === 'chain_frozen') list.push(need('unknown', 'chain_frozen', { height: epoch.value?.height ?? 0 }, '/network'));
  return list;
}
