import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import { OWN_SOURCE, type Reading, type ReadingError } from '#lib/chain/reading.ts';
import { operatorOf } from '#lib/chain/staking.ts';
import { clock } from '#lib/core/clock.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { SeenNode, SeenPlace, Sight } from './machine.ts';
import type { ExitNetwork } from './network.ts';
import { type Answers, witnessesOf } from './proof.ts';
import type { ExitClock, ExitCost, ExitMemo, ExitParams, ExitWait, Witness } from './schema.ts';
import type { Words } from '#lib/operations/schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** A list of ML nodes older than this (ms) says nothing of now. */
const LIST_VALID_MS = 20_000;
const NO_ANSWER: Words = { code: 'no_answer', params: {} };
/** ACCOUNT_PUBKEY was changed since the exit began. */
const OTHER_ACCOUNT: Words = { code: 'other_account', params: {} };

const why = (error: ReadingError | undefined): Words => error ?? NO_ANSWER;
const good = <T>({ state, value }: Reading<T>): T | undefined => (state === 'ok' ? value : undefined);

/** What the exit sees now. `proof`: with the witnesses, for which foreign hosts have to be asked. */
export async function look(of: Deployment, memo: ExitMemo, params: ExitParams, proof: boolean): Promise<{ sight: Sight; cost: ExitCost; network: ExitNetwork }> {
  const around = surroundings();
  const [network, list] = await Promise.all([around.leaving(proof), around.mlNodes(of)]);
  const now = clock.now();
  const seen = good(network.clock);
  const nodes = good(list) && list.at !== undefined && Math.abs(now - list.at) < LIST_VALID_MS ? list.value : undefined;
  const identity = network.chainId && network.address && network.registered ? { chainId: network.chainId, address: network.address, keys: network.keys } : undefined;
  // What is read belongs to another host than the one that leaves: of that one nothing is known.
  const other = memo.noted !== undefined && network.address !== undefined && network.address !== memo.noted.address;
  const place = other ? undefined : placeOf(network, params, seen?.epoch);
  const sight: Sight = {
    now,
    ...(seen ? { clock: seen } : { clockWhy: why(network.clock.error) }),
    ...(nodes ? { nodes: nodes.map((node) => seenNode(node, network)) } : { nodesWhy: nodesWhy(list, network) }),
    ...(identity ? { identity } : { identityWhy: identityWhy(network) }),
    ...(place ? { place } : { placeWhy: other ? OTHER_ACCOUNT : placeWhy(network) }),
    ...(other || good(network.settle) === undefined ? { rewardWhy: other ? OTHER_ACCOUNT : why(network.settle.error) } : { settle: network.settle.value }),
    ...(other || good(network.performance) === undefined ? {} : { performance: network.performance.value }),
  };
  const operator = memo.noted && operatorOf(memo.noted.address);
  if (network.answers && memo.noted && operator && seen) {
    const { address, chainId } = memo.noted;
    sight.witnesses = witnessesOf(answersOf(network.answers), { clock: seen, chainId, address, operator, keys: [...new Set([...memo.noted.keys, ...network.keys])], params, now });
  }
  return { sight, cost: costOf(sight, params), network };
}

/** The clock as the memo keeps it. */
export const clockSeen = (at: EpochClock): ExitClock => ({ epoch: at.epoch, latestEpoch: at.latestEpoch, phase: at.phase, height: at.height, at: at.at, source: at.source, nextPocStart: at.stages.nextPocStart, setNewValidators: at.stages.setNewValidators });

/** What the page is shown of a look. */
export function seenFor({ sight, cost }: { sight: Sight; cost: ExitCost }, more: { unknown: Words[]; witnesses: Witness[]; waits: ExitWait | undefined }): NonNullable<ExitMemo['seen']> {
  const { waits, ...rest } = more;
  return { at: sight.now, cost, ...rest, ...(sight.clock ? { clock: clockSeen(sight.clock) } : {}), ...(waits ? { waits } : {}), ...(sight.nodes ? { nodes: sight.nodes.map(({ id, enabled, duty }) => ({ id, enabled, duty })) } : {}) };
}

/** What is missing of who the host is: no account in the files, no record of it on the chain, or nobody has said it yet. */
function identityWhy({ address, registered }: ExitNetwork): Words {
  if (address === undefined) return { code: 'no_account', params: {} };
  return registered === false ? { code: 'not_registered', params: { address } } : { code: 'identity_unknown', params: {} };
}

/** A hanging admin side beside a public side that answers is the wedge of v0.2.4 (measured 28). */
function nodesWhy({ error }: Reading<AdminNode[]>, { api }: ExitNetwork): Words {
  return error?.code === 'mlnodes_slow' && api.state === 'ok' ? { code: 'admin_wedged', params: {} } : why(error);
}

/** `admin` absent: a release that doesn't say whether it is enabled; then it counts as enabled, and is asked to be disabled. */
const seenNode = ({ id, state }: AdminNode, { preserved }: ExitNetwork): SeenNode => ({ id, enabled: state.admin?.enabled ?? true, adminEpoch: state.admin?.epoch ?? 0, duty: preserved ? preserved.includes(id) : Object.values(state.duty).some(({ timeslots }) => timeslots[1] === true) });

function placeWhy({ participants, address }: ExitNetwork): Words {
  const { value: set } = participants;
  if (set?.pocFailed) return { code: 'poc_failed', params: { epoch: set.epoch } };
  return (good(participants) && set && unshown(set, address)) || why(participants.error);
}

/** Why a list in which the host has no weight says nothing of it: its row may be one that couldn't be read, or the list no list at all. */
function unshown({ list, unread = 0 }: NonNullable<ExitNetwork['participants']['value']>, address: string | undefined): Words | undefined {
  if (list.some((one) => one.address === address && one.weight > 0)) return undefined;
  if (unread > 0) return { code: 'rows_unread', params: { count: unread } };
  return list.some(({ weight }) => weight > 0) ? undefined : { code: 'no_others', params: {} };
}

function placeOf({ participants, address, preserved }: ExitNetwork, params: ExitParams, epoch: number | undefined): SeenPlace | undefined {
  const set = good(participants);
  if (!set || set.pocFailed || !address || set.epoch !== epoch) return undefined;
  const own = set.list.find((one) => one.address === address);
  if (unshown(set, address)) return undefined;
  const shares = (own?.mlNodes ?? []).filter(({ id }) => params.scope !== 'ml-node' || id === params.node);
  // Weight without nodes (measured 18): whether the one node is in it, nobody knows.
  if (params.scope === 'ml-node' && own && own.weight > 0 && own.mlNodes.length === 0) return undefined;
  const weight = params.scope === 'ml-node' ? shares.reduce((sum, { pocWeight }) => sum + pocWeight, 0) : (own?.weight ?? 0);
  const duty = preserved && own ? preserved : shares.filter(({ timeslots }) => timeslots[1] === true).map(({ id }) => id);
  return { epoch: set.epoch, weight, totalWeight: set.totalWeight, duty, nodes: (own?.mlNodes ?? []).map(({ id }) => id) };
}

function answersOf({ seeds, participants, validators, staking }: NonNullable<ExitNetwork['answers']>): Answers {
  const said = <T>(place: string, { value, at, height, chainId, problem }: { value?: T; at?: number; height?: number; chainId?: string; problem?: { error: ReadingError } }) => ({ place, value, at, height, chainId, ...(value === undefined ? { why: why(problem?.error) } : {}) });
  return { participants: [...seeds.map((seed) => said(seed.place, seed)), said(OWN_SOURCE, participants)], validators: [said(OWN_SOURCE, validators)], staking: [said(OWN_SOURCE, staking)] };
}

/** What stopping now would cost, as far as anybody knows it. Rewards are the host's: how much of one is a single node's, nobody says, and its api claims on. */
function costOf({ clock: seen, place, settle, performance }: Sight, { scope }: ExitParams): ExitCost {
  const whole = scope !== 'ml-node';
  return {
    known: place !== undefined,
    inSet: (place?.weight ?? 0) > 0,
    ...(seen ? { epoch: seen.epoch } : {}),
    ...(place ? { weight: place.weight, totalWeight: place.totalWeight } : {}),
    ...(whole && performance && performance.reward > 0n ? { lastReward: { epoch: performance.epoch, reward: String(performance.reward) } } : {}),
    ...(whole && settle ? { unclaimed: { epoch: settle.epoch, reward: String(settle.reward) } } : {}),
  };
}
