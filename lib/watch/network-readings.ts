import type { Fetched, Problem } from '#lib/chain/client.ts';
import { epochClock, type EpochClock, type Stretch } from '#lib/chain/epoch-clock.ts';
import { FROZEN_MS, type Sighting } from '#lib/chain/height-watch.ts';
import type { OwnStatus } from '#lib/chain/own-node.ts';
import type { ChainParticipant } from '#lib/chain/own-participant.ts';
import type { ActiveSet, Participant } from '#lib/chain/participants.ts';
import { OWN_SOURCE, UNREAD, type Reading, type ReadingError } from '#lib/chain/reading.ts';
import type { EpochLatest } from '#lib/chain/schema.ts';
import type { ValidatorSet } from '#lib/chain/validators.ts';
import { SEED_LATE_MS, type FromSeed, type SeedEpoch, type SeedStatus } from '#lib/chain/seeds.ts';

/** While someone looks, the own node is asked this often; seeds as often as their budget allows. */
export const REFRESH_MS = 3_000;
/** Two missed polls, and a little for the answers themselves. */
const OWN_LATE_MS = 15_000;
/** A healthy own node is only checked against a seed this often. */
export const CONFIRM_MS = 60_000;
/** An own height this far below a seed's is behind, whatever the node says of itself. */
const BEHIND_BLOCKS = 20;
/** An active set that could not be read again for this long is stale although its epoch still runs. */
const SET_OLD_MS = 15 * 60_000;

export type ActiveParticipants = { epoch: number; list: Participant[]; pocFailed?: true; unread: number; excluded: ActiveSet['excluded']; totalWeight: number };
export type OwnParticipant = {
  address: string;
  /** On chain (undefined = not known). */
  registered?: boolean;
  /** The chain's record of it. Its status and weight are no evidence of membership (measured 25), so they aren't here. */
  record?: { url: string; validatorKey: string; joinHeight: number };
  /** Its entry in the active set of `participants.epoch`, weight 0 included. */
  active?: Participant;
  /** In the set with weight above 0. False only where the whole list names other hosts with weight; undefined = not known. */
  inSet?: boolean;
  rank?: number;
  of?: number;
};
export type OwnNodeView = {
  height: number;
  catchingUp: boolean;
  /** Caught up and blocks flow. */
  synced: boolean;
  peers?: number;
  /** Milliseconds. */
  latestBlockTime?: number;
  validatorKey: string;
  votingPower: number;
  chainId: string;
  moniker: string;
  /** The height that a seed has, when one answered lately. */
  seedHeight?: number;
};
/** What CometBFT's validators say of this host: a second source for its place in the set (measured 22). */
export type OwnValidator = {
  /** Of the block that they are of. */
  height: number;
  /** One of this host's consensus keys, the chain's or the node's, is among them. */
  among: boolean;
};
/** The own node among a seed's peers. `dialled`: the seed called it, which proves that its P2P port is reachable. */
export type OwnPeering = { among: boolean; dialled: boolean; count: number };
export type NetworkSnapshot = {
  /** Milliseconds, of this snapshot. */
  at: number;
  epoch: Reading<EpochClock>;
  ribbon: Stretch[];
  participants: Reading<ActiveParticipants>;
  own: Reading<OwnParticipant>;
  ownNode: Reading<OwnNodeView>;
  /** Whether the own api answers at its container address. */
  ownApi: Reading<true>;
  /** `ok` only for a whole, young set of the running epoch. Read only while the active set doesn't have this host. */
  validators: Reading<OwnValidator>;
  seeds: SeedStatus[];
};
export type Candidate = { latest: EpochLatest; sighting: Sighting; fetchedAt: number; source: string; problem?: Problem };

/** The last answers, as they came; the readings below judge them by the time that has passed. */
export type Seen = {
  status: Fetched<OwnStatus>;
  ownEpoch?: Candidate;
  /** Absent while there is no api container to ask. */
  api?: Fetched<true>;
  seedEpoch: FromSeed<SeedEpoch>;
  set: FromSeed<ActiveSet>;
  /** Of the own participant. */
  address?: string;
  record: FromSeed<ChainParticipant | false>;
  /** `source`: the seed that said it; absent: the own node did. */
  validators?: Fetched<ValidatorSet> & { source?: string };
  /** Every seed is on another chain than the own node: then its word on what isn't there proves nothing. */
  contradicted?: boolean;
  pace?: { seconds: number; over: number };
};

/** The own node has caught up, its epoch is readable and moving, and no seed is far ahead of it. */
export function ownGood(seen: Seen, now: number): boolean {
  const own = seen.ownEpoch;
  if (!own || own.problem || own.sighting.frozen || now - own.fetchedAt > FROZEN_MS) return false;
  if (!seen.status.value?.synced || seen.status.problem) return false;
  const seed = seedHeightOf(seen, now);
  return seed === undefined || seed - own.latest.height <= BEHIND_BLOCKS;
}

function seedHeightOf(seen: Seen, now: number): number | undefined {
  const { value, problem } = seen.seedEpoch;
  if (!value || problem || value.sighting.frozen || now - value.sighting.at > 2 * CONFIRM_MS) return undefined;
  return value.latest.height;
}

/** The answer that the epoch is read from: the own node's when it is good, else a seed's. */
export function chosenEpoch(seen: Seen, now: number): Candidate | undefined {
  if (ownGood(seen, now)) return seen.ownEpoch;
  const { value, at, source, problem } = seen.seedEpoch;
  const seed: Candidate | undefined = value && at !== undefined ? { ...value, fetchedAt: at, source: source ?? '', ...(problem ? { problem } : {}) } : undefined;
  const own = seen.ownEpoch;
  if (!seed || !own) return seed ?? own;
  // Neither is good: the one whose block is younger tells more.
  return seed.problem && own.sighting.at > seed.sighting.at ? own : seed;
}

/** The epoch clock, `ok` only from a source that has caught up, moves and answered lately. */
export function epochReading(seen: Seen, now: number): Reading<EpochClock> {
  const chosen = chosenEpoch(seen, now);
  const pace = seen.pace;
  const value = chosen && epochClock(chosen.latest, { at: chosen.sighting.at, source: chosen.source, ...(pace ? { secondsPerBlock: pace } : {}) });
  if (!chosen || !value) {
    const problem = chosen ? undefined : (seen.seedEpoch.problem ?? seen.status.problem);
    return missing(problem, chosen && { code: 'chain_answer_malformed', params: { host: chosen.source } });
  }
  const base = { value, at: chosen.sighting.at, source: chosen.source };
  if (chosen.sighting.frozen) return { ...base, state: 'stale', error: { code: 'chain_frozen', params: { host: chosen.source, height: value.height } } };
  // A node that is catching up grows and answers, but of a time long past.
  if (chosen === seen.ownEpoch && !ownGood(seen, now)) return { ...base, state: 'stale', error: { code: 'chain_own_not_synced', params: { height: value.height } } };
  if (now - chosen.fetchedAt > (chosen.source === OWN_SOURCE ? OWN_LATE_MS : SEED_LATE_MS)) {
    const limited = chosen.problem?.kind === 'rate-limited';
    return { ...base, state: limited ? 'rate-limited' : 'stale', error: chosen.problem?.error ?? { code: 'chain_stale', params: {} } };
  }
  return { ...base, state: 'ok' };
}

/** The active set, `ok` only when it is that of the running epoch. */
export function participantsReading(seen: Seen, clock: Reading<EpochClock>, now: number): Reading<ActiveParticipants> {
  const { value: set, at, source, problem } = seen.set;
  if (!set) return missing(problem);
  const value: ActiveParticipants = {
    epoch: set.epoch,
    list: set.list,
    ...(set.pocFailed ? { pocFailed: true as const } : {}),
    unread: set.unread,
    excluded: set.excluded,
    totalWeight: set.list.reduce((sum, participant) => sum + participant.weight, 0),
  };
  const base = { value, ...(at === undefined ? {} : { at }), ...(source ? { source } : {}) };
  if (clock.value && clock.state === 'ok' && set.epoch !== clock.value.epoch) {
    return { ...base, state: 'stale', error: problem?.error ?? { code: 'chain_epoch_differs', params: { have: set.epoch, now: clock.value.epoch } } };
  }
  // The set of an epoch hardly changes (exclusions): a missed request leaves it good while the epoch is known to be the same.
  if (clock.state !== 'ok' || (at !== undefined && now - at > SET_OLD_MS)) {
    const limited = clock.state === 'rate-limited' || problem?.kind === 'rate-limited';
    return { ...base, state: limited ? 'rate-limited' : 'stale', error: problem?.error ?? clock.error ?? { code: 'chain_stale', params: {} } };
  }
  return { ...base, state: 'ok' };
}

/** The own node by its RPC. */
export function nodeReading(seen: Seen, now: number): Reading<OwnNodeView> {
  const { value: status, at, problem } = seen.status;
  if (!status || at === undefined) return missing(problem);
  const seedHeight = seedHeightOf(seen, now);
  const value: OwnNodeView = {
    height: status.height,
    catchingUp: status.catchingUp,
    synced: status.synced && !(seedHeight !== undefined && seedHeight - status.height > BEHIND_BLOCKS),
    ...(status.peers === undefined ? {} : { peers: status.peers }),
    ...(status.blockTime === undefined ? {} : { latestBlockTime: status.blockTime }),
    validatorKey: status.validatorKey,
    votingPower: status.votingPower,
    chainId: status.chainId,
    moniker: status.moniker,
    ...(seedHeight === undefined ? {} : { seedHeight }),
  };
  const late = now - at > OWN_LATE_MS;
  return { state: problem || late ? 'stale' : 'ok', value, at, source: OWN_SOURCE, ...(problem ? { error: problem.error } : {}) };
}

/** Whether the own api answers; an answer of long ago proves nothing, for it or against it, while a new one is waited for. */
export function apiReading({ api }: Seen, now: number): Reading<true> {
  const reading = api === undefined ? UNREAD : fromFetched(api);
  return reading.state === 'ok' && reading.at !== undefined && now - reading.at > OWN_LATE_MS ? { ...reading, state: 'stale' } : reading;
}

/** No value: rate limited when that is the reason, else unknown. */
export function missing(problem: Problem | undefined, error?: ReadingError): Reading<never> {
  return { state: problem?.kind === 'rate-limited' ? 'rate-limited' : 'unknown', ...(problem || error ? { error: problem?.error ?? error } : {}) };
}

/** A plain answer of the own node as a reading. */
export function fromFetched<T>({ value, at, problem }: Fetched<T>): Reading<T> {
  if (value === undefined) return missing(problem);
  return { state: problem ? 'stale' : 'ok', value, ...(at === undefined ? {} : { at }), source: OWN_SOURCE, ...(problem ? { error: problem.error } : {}) };
}
