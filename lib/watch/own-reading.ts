import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import { FROZEN_MS } from '#lib/chain/height-watch.ts';
import { rankOf } from '#lib/chain/participants.ts';
import { OWN_SOURCE, type Reading } from '#lib/chain/reading.ts';
import type { SeedStatus } from '#lib/chain/seeds.ts';
import { missing, ownGood, type ActiveParticipants, type OwnParticipant, type OwnValidator, type Seen } from './network-readings.ts';

/** The own record speaks for registration and key for this long: it changes by hand only. */
export const RECORD_VALID_MS = 5 * 60_000;
/** The new validators of an epoch sign from the third block of its set on. */
const VALIDATORS_DELAY = 3;

/** The own participant: what of registration and membership is known, and what isn't. */
export function ownReading(seen: Seen, clock: Reading<EpochClock>, set: Reading<ActiveParticipants>, now: number): Reading<OwnParticipant> {
  const address = seen.address;
  if (!address) return { state: 'unknown', error: { code: 'chain_no_account_key', params: {} } };
  const { value: record, at, source, problem } = seen.record;
  const ours = record && record.address === address ? record : undefined;
  const active = set.value?.list.find((participant) => participant.address === address);
  const known = set.state === 'ok' ? set.value : undefined;
  const inSet = known && (active && active.weight > 0 ? true : provesAbsence(known, address) && !otherChain(seen) ? false : undefined);
  // "There is no such participant" counts only while it is young, and from a chain that is seen to move.
  const young = at !== undefined && Math.abs(now - at) < RECORD_VALID_MS;
  const denied = record === false && young && clock.state === 'ok' && !(source === OWN_SOURCE && seen.contradicted);
  const registered = ours || active ? true : denied ? false : undefined;
  const rank = set.value && active ? rankOf(set.value.list, address) : undefined;
  const value: OwnParticipant = {
    address,
    ...(registered === undefined ? {} : { registered }),
    ...(ours ? { record: { url: ours.url, validatorKey: ours.validatorKey, joinHeight: ours.joinHeight } } : {}),
    ...(active ? { active } : {}),
    ...(inSet === undefined ? {} : { inSet }),
    ...(rank === undefined ? {} : { rank, of: set.value?.list.length ?? 0 }),
  };
  const from = { ...(at ?? set.at ? { at: at ?? set.at } : {}), ...(source ?? set.source ? { source: source ?? set.source } : {}) };
  if (registered === undefined) return { ...from, state: problem?.kind === 'rate-limited' ? 'rate-limited' : 'unknown', value, ...(problem ? { error: problem.error } : {}) };
  return { ...from, state: set.state === 'ok' ? 'ok' : 'stale', value, ...(set.state === 'ok' || !set.error ? {} : { error: set.error }) };
}

/**
 * A set without this host (or with it at weight 0) proves its absence only when every row was read and other hosts have
 * weight: an empty, renamed or "PoC failed" answer says nothing of this host (law "Stop only with proof").
 */
function provesAbsence({ list, pocFailed, unread }: ActiveParticipants, address: string): boolean {
  return !pocFailed && unread === 0 && list.some((other) => other.address !== address && other.weight > 0);
}

/** The set names another chain than the own node does. */
function otherChain({ set, status }: Seen): boolean {
  const [one, other] = [set.value?.chainId, status.value?.chainId];
  return one !== undefined && other !== undefined && one !== other;
}

/** The consensus key that the chain has for this host: its record's, else its entry's in the active set. */
export function chainKeyOf(own: OwnParticipant | undefined): string | undefined {
  return own?.record?.validatorKey || own?.active?.validatorKey || undefined;
}

/** The own node says that it is on another chain than every seed. */
export function contradicted(seeds: SeedStatus[]): boolean {
  return seeds.length > 0 && seeds.every((seed) => seed.state === 'wrong-chain');
}

/** Blocks that a seed's answer may be from where the chain is. */
const NEAR_BLOCKS = 20;

/** Whether CometBFT's validators have this host, as its own node tells them, or a seed other than the one that told the active set. */
export function validatorsReading(seen: Seen, clock: Reading<EpochClock>, own: Reading<OwnParticipant>, now: number): Reading<OwnValidator> {
  const { value: set, at, problem, source } = seen.validators ?? {};
  const registered = chainKeyOf(own.value);
  if (!set || at === undefined || !registered || !clock.value) return missing(problem);
  const keys = [own.value?.record?.validatorKey, own.value?.active?.validatorKey, seen.status.value?.validatorKey].filter(Boolean);
  const value: OwnValidator = { height: set.height, among: set.list.some(({ key }) => keys.includes(key)) };
  const { stages, epoch, latestEpoch } = clock.value;
  const since = latestEpoch === epoch ? stages.setNewValidators + VALIDATORS_DELAY : stages.pocStart;
  const others = set.list.some(({ key, power }) => power > 0 && !keys.includes(key));
  const place = source === undefined ? ownGood(seen, now) : source !== seen.set.source && Math.abs(set.height - clock.value.height) <= NEAR_BLOCKS;
  const good = clock.state === 'ok' && place && !problem && Math.abs(now - at) < FROZEN_MS && set.height >= since && others && !seen.contradicted;
  return { state: good ? 'ok' : 'stale', value, at, source: source ?? OWN_SOURCE, ...(problem ? { error: problem.error } : {}) };
}
