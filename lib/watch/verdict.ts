import type { HostPicture, Params } from './host-picture.ts';
import { STARTING_MS } from './network-needs.ts';
import type { NetworkSnapshot, OwnNodeView } from './network-readings.ts';
import { chainKeyOf, contradicted } from './own-reading.ts';
import { containerOf, downServices, isEssential, serviceHealth, unhealthyServices, upFor, type ServiceRole } from './service-health.ts';

/** The headline: `key` names a sentence, `verdict.<key>` in the messages (rich text with `<s>`), and the state that it wears. */
export type Verdict = { key: string; state: 'ok' | 'working' | 'attention' | 'broken' | 'unknown'; params: Params };

const say = (key: string, state: Verdict['state'], params: Params = {}): Verdict => ({ key, state, params });

const CHAIN: ServiceRole[] = ['tmkms', 'node', 'api'];

/**
 * Answers "am I earning?" in one sentence. A green one needs proof of each part: our entry with weight above 0 in the
 * set of the running epoch, a synced own node with peers and the registered consensus key, an api that answers, and no
 * essential service (the proxy too) down or unhealthy. What isn't known is never good or bad.
 */
export function verdict(picture: HostPicture): Verdict {
  const { now, engine, deployment, services, containers, network } = picture;
  if (deployment.state === 'absent') return say('no_deployment', 'attention');
  if (engine.state !== 'ok') return say(`engine_${engine.state}`, engine.state === 'stopped' ? 'broken' : 'unknown');
  if (deployment.state !== 'ok') return say('deployment_unread', 'unknown');

  const epoch = network?.epoch.state === 'ok' ? network.epoch.value : undefined;
  const own = network?.own.value;
  const node = network?.ownNode.state === 'ok' ? network.ownNode.value : undefined;
  // Membership counts for the epoch that is running now, not for one that is remembered.
  const inSet = epoch && network?.participants.state === 'ok' ? own?.inSet : undefined;
  const set = { epoch: epoch?.epoch ?? 0, weight: own?.active?.weight ?? 0 };

  const up = (role: ServiceRole): boolean => upFor(services, containers, role, 0, now);
  const failing = services.filter(({ name, role }) => CHAIN.includes(role) && ['crash-looping', 'failed'].includes(serviceHealth(containerOf(containers, name), now))).map(({ name }) => name);
  const down = downServices(services, containers, now);
  if (inSet && down.length > 0) return say('in_set_but_down', 'broken', { ...set, services: down.join(', '), count: down.length });
  if (failing.length > 0) return say('chain_down', 'broken', { services: failing.join(', '), count: failing.length });
  if (!up('node')) return say('stopped', 'attention');

  if (node && !node.synced) {
    const heights = { height: node.height, target: node.seedHeight ?? 0, known: node.seedHeight === undefined ? 'no' : 'yes' };
    // A node that has just started shows its last block until the first new one arrives.
    const starting = !upFor(services, containers, 'node', STARTING_MS, now);
    if (node.catchingUp || starting || (node.seedHeight ?? 0) > node.height) return inSet ? say('in_set_but_behind', 'attention', { ...set, ...heights }) : say('syncing', 'working', heights);
    return say('no_new_blocks', inSet ? 'broken' : 'attention', { height: node.height });
  }
  if (network?.participants.state === 'ok' && network.participants.value?.pocFailed) return say('poc_failed', 'attention', { epoch: set.epoch });
  if (node && contradicted(network?.seeds ?? [])) return say('wrong_chain', 'broken', { chain: node.chainId });
  if (inSet && network) {
    if (!node) return say('in_set_node_unread', 'unknown', set);
    const flaw = flawInSet(picture, network, node, set);
    if (flaw) return flaw;
    if (epoch?.confirmationPocActive) return say('confirmation_poc', 'ok', set);
    return epoch?.phase === 'Inference' ? say('serving', 'ok', set) : say('serving_poc', 'ok', { ...set, next: epoch?.latestEpoch ?? 0 });
  }
  // tmkms and node alone are a stage of the first start, not a fault, while the host is in no set.
  if (!up('api')) return node ? say('chain_only', 'working', { height: node.height }) : say('chain_only_unread', 'unknown');
  if (network?.own.error?.code === 'chain_no_account_key') return say('no_account_key', 'attention');
  if (own?.registered === false) return say('not_registered', 'attention');
  if (inSet === false) return say(own?.active ? 'zero_weight' : own?.registered ? 'registered_not_in_set' : 'not_in_set', 'attention', { epoch: set.epoch, next: (epoch?.stages.nextPocStart ?? 0) });
  return own?.active && own.active.weight > 0 && network?.participants.value ? say('in_set_when_last_read', 'unknown', { epoch: network.participants.value.epoch, weight: own.active.weight }) : say('unknown', 'unknown');
}

/** What keeps a host that stands in the set, with a synced node and nothing down, from a green headline. */
function flawInSet({ deployment, services, containers, now }: HostPicture, { own, ownApi }: NetworkSnapshot, node: OwnNodeView, set: Params): Verdict | undefined {
  const key = chainKeyOf(own.value);
  if (key && node.validatorKey && key !== node.validatorKey) return say('in_set_other_key', 'broken', set);
  // A container that runs while its port stays closed: measured 34.
  const settled = upFor(services, containers, 'api', STARTING_MS, now);
  if (ownApi.state !== 'ok' && ownApi.error && settled) return say('in_set_api_silent', 'broken', set);
  const sick = unhealthyServices(services, containers, now);
  const essential = services.some((service) => isEssential(service) && sick.includes(service.name));
  if (sick.length > 0) return say('in_set_unhealthy', essential ? 'broken' : 'attention', { ...set, services: sick.join(', '), count: sick.length });
  if (deployment.state === 'ok' && deployment.problems.some(({ level }) => level === 'broken')) return say('in_set_problem', 'attention', set);
  if (node.peers === 0) return say('in_set_no_peers', 'attention', set);
  const unread = ownApi.state !== 'ok' ? 'api' : !key || !node.validatorKey ? 'key' : node.peers === undefined ? 'peers' : undefined;
  return unread && say('in_set_unproven', 'unknown', { ...set, part: unread });
}
