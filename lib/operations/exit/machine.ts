import { type EpochClock, timeOf } from '#lib/chain/epoch-clock.ts';
import type { EpochReward, OpenReward } from '#lib/chain/epoch-reward.ts';
import { pairOf } from './proof.ts';
import type { ExitClaim, ExitMemo, ExitNode, ExitParams, ExitStage, ExitWait, Witness } from './schema.ts';
import type { Words } from '#lib/operations/schema.ts';

/*
 * What a safe exit does next, as a pure function of what it remembers and what it sees. Time passes in blocks only: clocks
 * jump, chains halt. Nothing here acts; lib/operations/exit/steps.ts does, and asks again.
 */

/** A node that the list doesn't have is gone for good after so many blocks: an api that starts fills its list bit by bit. */
export const MISSING_BLOCKS = 20;
/** The api claims by itself, and again every hundred blocks (facts 14): after this many it is helped. */
const RECOVER_BLOCKS = 150;
/** The chain takes one claim in 30 blocks. */
const RECOVER_AGAIN_BLOCKS = 35;
/** Blocks after `claim_money` before "nothing is open" is believed. */
const CLAIM_BLOCKS = 3;

/** One ML node as the api's list has it now. */
export type SeenNode = { id: string; enabled: boolean; adminEpoch: number; duty: boolean };
/** The host in the set of epoch `epoch`, as a good reading has it; weight 0 is out. For one node: that node's share. */
export type SeenPlace = { epoch: number; weight: number; totalWeight: number; duty: string[]; /** Every ML node that this set has of the host. */ nodes: string[] };

/** One look at the world. What is absent is unknown; `…Why` says why. */
export type Sight = {
  /** ms since 1970 */
  now: number;
  /** From a source that is fresh and moves. */
  clock?: EpochClock;
  clockWhy?: Words;
  nodes?: SeenNode[];
  nodesWhy?: Words;
  place?: SeenPlace;
  placeWhy?: Words;
  identity?: { chainId: string; address: string; keys: string[] };
  identityWhy?: Words;
  /** Asked only when the rest says that it is time; absent: not asked. */
  witnesses?: Witness[];
  /** Of `clock.epoch - 1`; `false`: the chain has none; absent: unknown. */
  settle?: OpenReward | false;
  performance?: EpochReward | false;
  rewardWhy?: Words;
};

export type Next =
  | { do: 'disable'; nodes: string[] }
  | { do: 'recover'; epoch: number }
  | { do: 'wait'; waits: ExitWait }
  | { do: 'proven'; witnesses: [Witness, Witness] };
/** `stage`: where it is. `unknown`: what isn't known and matters now. */
export type Turn = { memo: ExitMemo; next: Next; stage: ExitStage; unknown: Words[] };

const inPoc = (clock: EpochClock): boolean => clock.phase !== 'Inference' || clock.latestEpoch !== clock.epoch;
const inScope = (params: ExitParams, id: string): boolean => params.scope !== 'ml-node' || params.node === id;
export const isRemoved = (node: ExitNode, clock: EpochClock | undefined): boolean => node.missingSince !== undefined && clock !== undefined && clock.height - node.missingSince >= MISSING_BLOCKS;

/** The block in which the set of `epoch` comes into force, by the clock's own stages. */
export function setBlock(clock: EpochClock, epoch: number): number {
  if (epoch <= clock.latestEpoch) return clock.stages.setNewValidators;
  return clock.next.setNewValidators + (epoch - clock.latestEpoch - 1) * (clock.next.nextPocStart - clock.next.pocStart);
}

const until = (clock: EpochClock, code: string, block: number, more: Partial<ExitWait> = {}): Next => ({ do: 'wait', waits: { code, params: {}, block, ...(timeOf(clock, block) === undefined ? {} : { at: timeOf(clock, block) }), ...more } });
const wait = (code: string, params: ExitWait['params'] = {}): Next => ({ do: 'wait', waits: { code, params } });

/** The one step of the machine on the way out (issue's points 1 to 6). Returns the new memo; nothing is changed in place. */
export function leave(before: ExitMemo, sight: Sight, params: ExitParams): Turn {
  const noted = know(note(before, sight, params), sight);
  if (!noted.noted) return { memo: noted, next: wait('first_look'), stage: 'note', unknown: known(sight.clockWhy, sight.identityWhy, sight.nodesWhy) };
  const { memo, disable } = seeNodes(noted, sight, params);
  const { clock } = sight;
  const seen = seePlace(memo, sight);

  if (seen.question) return { memo: seen, next: wait(`answer_${seen.question.code}`, { nodes: seen.question.nodes.join(', ') }), stage: 'disable', unknown: [] };
  if (disable.length > 0) return { memo: seen, next: { do: 'disable', nodes: disable }, stage: 'disable', unknown: [] };
  const open = seen.nodes.filter((node) => node.disabledAt === undefined && !isRemoved(node, clock));
  if (open.length > 0) return { memo: seen, next: wait('admin', { nodes: open.map(({ id }) => id).join(', ') }), stage: 'disable', unknown: known(sight.nodesWhy, sight.clockWhy) };
  if (!clock) return { memo: seen, next: wait('clock'), stage: 'set', unknown: known(sight.clockWhy) };

  const counts = countsFrom(seen);
  if (clock.epoch <= counts) return { memo: seen, next: until(clock, 'set', setBlock(clock, counts + 1), { epoch: counts + 1 }), stage: 'set', unknown: known(sight.nodesWhy) };
  const { place } = sight;
  if (!place || place.epoch !== clock.epoch) return { memo: seen, next: sight.placeWhy?.code === 'poc_failed' ? until(clock, 'poc_failed', setBlock(clock, clock.epoch + 1), { epoch: clock.epoch }) : wait('place', { epoch: clock.epoch }), stage: 'duty', unknown: known(sight.placeWhy) };
  if (place.weight > 0) {
    const drawn = seen.draws.some((draw) => draw.epoch === clock.epoch && draw.nodes.length > 0);
    return { memo: seen, next: until(clock, drawn ? 'duty' : 'still_in', setBlock(clock, clock.epoch + 1), { epoch: clock.epoch + 1 }), stage: 'duty', unknown: [] };
  }
  // Nobody is disturbed during a PoC, and what takes part in one may be in the next set.
  if (inPoc(clock)) return { memo: seen, next: until(clock, 'poc', setBlock(clock, clock.latestEpoch), { epoch: clock.latestEpoch }), stage: 'duty', unknown: [] };
  if (clock.confirmationPocUnreadable) return { memo: seen, next: wait('confirmation_unknown', { epoch: clock.epoch }), stage: 'duty', unknown: [] };
  if (clock.confirmationPocActive) return { memo: seen, next: wait('confirmation_poc', { epoch: clock.epoch }), stage: 'duty', unknown: [] };

  const claimed = params.scope === 'ml-node' ? { memo: seen } : seeClaim(seen, sight, clock);
  if (claimed.next) return { memo: claimed.memo, next: claimed.next, stage: 'claim', unknown: known(claimed.memo.claim?.why) };
  const pair = pairOf(sight.witnesses ?? [], params.scope);
  if (pair) return { memo: claimed.memo, next: { do: 'proven', witnesses: pair }, stage: 'proof', unknown: [] };
  return { memo: claimed.memo, next: wait('proof', { epoch: clock.epoch }), stage: 'proof', unknown: (sight.witnesses ?? []).flatMap(({ why }) => why ?? []) };
}

const known = (...why: (Words | undefined)[]): Words[] => why.filter((one) => one !== undefined);

/** The epoch that every set must be later than: that of the last disable; where nothing was disabled, that of the beginning. */
export function countsFrom({ noted, nodes }: Pick<ExitMemo, 'noted' | 'nodes'>): number {
  const begun = noted?.epoch ?? 0;
  return nodes.length === 0 ? begun : Math.max(...nodes.map(({ epoch }) => epoch ?? begun));
}

/** Point 1: where the chain stood, who the host is, which nodes it has. All of it, or nothing is noted. */
function note(memo: ExitMemo, { clock, identity, nodes, now }: Sight, params: ExitParams): ExitMemo {
  if (memo.noted || !clock || !identity || !nodes || identity.keys.length === 0) return memo;
  const mine = nodes.filter(({ id }) => inScope(params, id));
  return {
    ...memo,
    noted: { epoch: clock.epoch, latestEpoch: clock.latestEpoch, phase: clock.phase, height: clock.height, at: now, source: clock.source, ...identity },
    // What is enabled now is what a cancel enables again.
    nodes: mine.map(({ id, enabled }): ExitNode => ({ id, ours: enabled, forgotten: 0 })),
    events: event(memo, 'noted', { epoch: clock.epoch, phase: clock.phase, nodes: mine.map(({ id }) => id).join(', ') || '-' }, now, clock),
  };
}

/** Which nodes are no news, by the set that the exit began in; a later set may have some that were added since. */
function know(memo: ExitMemo, { place }: Sight): ExitMemo {
  if (!memo.noted || !place || place.epoch > memo.noted.epoch || place.nodes.every((id) => memo.known.includes(id))) return memo;
  return { ...memo, known: [...new Set([...memo.known, ...place.nodes])] };
}

const event = (memo: ExitMemo, code: string, params: Words['params'], at: number, clock?: EpochClock): ExitMemo['events'] => [...memo.events, { code, params, at, ...(clock ? { height: clock.height } : {}) }];

/** The disables as they are now: what has to be disabled (again), who has to be asked, and from which epoch each counts. */
function seeNodes(memo: ExitMemo, sight: Sight, params: ExitParams): { memo: ExitMemo; disable: string[] } {
  const { nodes: list, clock, now } = sight;
  if (!list) return { memo, disable: [] };
  // Once all that was there has been disabled, whatever comes is somebody's doing, also while a node that was allowed is still enabled.
  const began = memo.begun || memo.nodes.every((node) => node.disabledAt !== undefined || isRemoved(node, clock));
  let { events } = memo;
  const say = (code: string, of: Words['params']) => {
    events = event({ ...memo, events }, code, of, now, clock);
  };
  const disable: string[] = [];
  const enabled: string[] = [];
  const added: string[] = [];
  const nodes = memo.nodes.map((node): ExitNode => {
    const seen = list.find(({ id }) => id === node.id);
    if (!seen) return clock && node.missingSince === undefined ? { ...node, missingSince: clock.height } : node;
    const { missingSince: _back, ...there } = node;
    if (!seen.enabled) return seenDisabled(there, seen, sight, say);
    // An api that was restarted forgets the disable and the epoch (measured 26, 44); who enables by hand leaves one.
    const forgot = there.disabledAt !== undefined && seen.adminEpoch === 0;
    const asked = memo.question?.nodes.includes(node.id) === true;
    if (there.disabledAt === undefined || memo.allowed.includes(node.id) || (forgot && !asked)) {
      disable.push(node.id);
      return forgot && there.seenAt ? forget(there, say) : there;
    }
    enabled.push(node.id);
    return there;
  });
  for (const seen of list) {
    if (!inScope(params, seen.id) || nodes.some(({ id }) => id === seen.id)) continue;
    if (!seen.enabled) nodes.push(seenDisabled({ id: seen.id, ours: false, forgotten: 0 }, seen, sight, say));
    else if (!began || memo.allowed.includes(seen.id) || memo.known.includes(seen.id)) {
      nodes.push({ id: seen.id, ours: true, forgotten: 0 });
      disable.push(seen.id);
    } else added.push(seen.id);
  }
  const asked = enabled.length > 0 ? { code: 'node_enabled' as const, nodes: enabled } : added.length > 0 ? { code: 'node_added' as const, nodes: added } : undefined;
  const question = asked && { ...asked, at: memo.question?.code === asked.code ? memo.question.at : now };
  if (question && memo.question?.code !== question.code) say(question.code, { nodes: question.nodes.join(', ') });
  const { question: _old, ...rest } = memo;
  return { memo: { ...rest, nodes, events, begun: began, allowed: memo.allowed.filter((id) => list.some((seen) => seen.id === id && seen.enabled)), ...(question ? { question } : {}) }, disable };
}

/** Since when the list doesn't have a node, for the way back: whoever deleted it in between is not waited for. */
export function seeMissing(memo: ExitMemo, { nodes: list, clock }: Pick<Sight, 'nodes' | 'clock'>): ExitMemo {
  if (!list || !clock) return memo;
  const nodes = memo.nodes.map(({ missingSince, ...node }): ExitNode => (list.some(({ id }) => id === node.id) ? node : { ...node, missingSince: missingSince ?? clock.height }));
  return { ...memo, nodes };
}

/** A person's word on nodes that were on the screen; `taken`: those that are still asked about. One that came since is asked about by itself. */
export function allow(memo: ExitMemo, nodes: readonly string[]): { memo: ExitMemo; taken: string[] } {
  const taken = (memo.question?.nodes ?? []).filter((id) => nodes.includes(id));
  return { memo: { ...memo, allowed: [...new Set([...memo.allowed, ...taken])] }, taken };
}

type Say = (code: string, params: Words['params']) => void;

/** A restart of the api made nothing of the disable; until it is seen disabled again nobody knows through how much of a PoC. */
function forget(node: ExitNode, say: Say): ExitNode {
  if (node.adminEpoch === -1) return node;
  say('forgotten', { node: node.id });
  // Whatever epoch the next disable has, it is a new one.
  return { ...node, forgotten: node.forgotten + 1, adminEpoch: -1 };
}

/**
 * A node that is disabled now. Its epoch is that of the disable, unless it was switched in between: then the old one still
 * counts where no PoC has begun since it was last seen disabled, and the new one where one has (it may have taken part).
 */
function seenDisabled(node: ExitNode, seen: SeenNode, { clock, now }: Sight, say: Say): ExitNode {
  const seenAt = clock ? { seenAt: { height: clock.height, latestEpoch: clock.latestEpoch, inPoc: inPoc(clock) } } : {};
  const base = { ...node, adminEpoch: seen.adminEpoch, ...seenAt };
  if (node.disabledAt === undefined || node.epoch === undefined) {
    say('disabled', { node: node.id, epoch: seen.adminEpoch });
    return { ...base, disabledAt: now, epoch: seen.adminEpoch };
  }
  if (seen.adminEpoch === node.adminEpoch) return base;
  const unbroken = node.seenAt !== undefined && !node.seenAt.inPoc && node.seenAt.latestEpoch === seen.adminEpoch;
  if (unbroken || seen.adminEpoch <= node.epoch) {
    if (node.adminEpoch === -1) say('disabled_again', { node: node.id, epoch: node.epoch });
    return base;
  }
  say('counts_anew', { node: node.id, epoch: seen.adminEpoch });
  return { ...base, epoch: seen.adminEpoch };
}

/** Keeps who was drawn in each epoch, and the last epoch with weight. */
function seePlace(memo: ExitMemo, { place, clock, now }: Sight): ExitMemo {
  if (!place || !clock || place.epoch !== clock.epoch) return memo;
  let next = memo;
  const mine = place.duty.filter((id) => memo.nodes.some((node) => node.id === id)).sort();
  const old = memo.draws.find(({ epoch }) => epoch === place.epoch);
  if (mine.length > 0 && !old) next = { ...next, draws: [...next.draws, { epoch: place.epoch, nodes: mine }], events: event(next, 'drawn', { epoch: place.epoch, nodes: mine.join(', ') }, now, clock) };
  return place.weight > 0 ? { ...next, lastIn: { epoch: place.epoch, weight: place.weight } } : next;
}

const SETTLED: readonly ExitClaim['state'][] = ['claimed', 'nothing'];

/** Point 5: the reward of the last epoch. It can be claimed in the epoch after it and is burned then (facts 14). */
function seeClaim(memo: ExitMemo, sight: Sight, clock: EpochClock): { memo: ExitMemo; next?: Next } {
  const epoch = clock.epoch - 1;
  if (memo.claim?.epoch === epoch && SETTLED.includes(memo.claim.state)) return { memo };
  const claim = claimOf(epoch, sight, clock);
  const next = { ...(memo.claim && memo.claim.epoch < epoch ? past(memo, memo.claim, sight, clock) : memo), claim };
  if (SETTLED.includes(claim.state)) return { memo: { ...next, events: event(next, `claim_${claim.state}`, { epoch, reward: claim.reward ?? '0' }, sight.now, clock) } };
  const until = { epoch, ...(claim.until === undefined ? {} : { block: claim.until, ...(timeOf(clock, claim.until) === undefined ? {} : { at: timeOf(clock, claim.until) }) }) };
  if (claim.state === 'open' && mayRecover(memo, clock)) return { memo: next, next: { do: 'recover', epoch } };
  const params: ExitWait['params'] = claim.reward === undefined ? {} : { reward: claim.reward };
  return { memo: next, next: { do: 'wait', waits: { code: claim.state === 'open' ? 'claim' : 'claim_unknown', params, ...until } } };
}

/** The time of an earlier claim has run out: whatever became of it, the report says so. */
function past(memo: ExitMemo, claim: ExitClaim, { now }: Sight, clock: EpochClock): ExitMemo {
  return SETTLED.includes(claim.state) ? memo : { ...memo, events: event(memo, 'claim_over', { epoch: claim.epoch, reward: claim.reward ?? '0' }, now, clock) };
}

function claimOf(epoch: number, { settle, performance, rewardWhy, now }: Sight, clock: EpochClock): ExitClaim {
  const base = { epoch, until: clock.next.setNewValidators, at: now };
  if (performance && performance.epoch === epoch && performance.claimed) return { ...base, state: 'claimed', reward: String(performance.reward) };
  if (settle && settle.epoch === epoch) return { ...base, state: 'open', reward: String(settle.reward) };
  const settled = clock.height >= clock.stages.claimMoney + CLAIM_BLOCKS;
  if (settle !== undefined && settled) return { ...base, state: 'nothing' };
  return { ...base, state: 'unknown', ...(rewardWhy && settled ? { why: rewardWhy } : {}) };
}

/** Whether the api has had its time to claim by itself, and the chain its pause since the last try. */
function mayRecover(memo: ExitMemo, clock: EpochClock): boolean {
  const stretch = Math.floor((clock.stages.nextPocStart - clock.stages.claimMoney) / 3);
  const first = clock.stages.claimMoney + Math.min(RECOVER_BLOCKS, stretch);
  const again = memo.recoveredAt === undefined ? 0 : memo.recoveredAt + Math.min(RECOVER_AGAIN_BLOCKS, stretch);
  return clock.height >= Math.max(first, again);
}
