import type { Signatures } from '#lib/chain/commits.ts';
import type { Reading } from '#lib/chain/reading.ts';
import type { NetworkSnapshot } from './network-readings.ts';
import { chainKeyOf, RECORD_VALID_MS } from './own-reading.ts';

/** A foreign host is asked for the active set every five minutes, and may have to wait a little. */
const SET_VALID_MS = 7 * 60_000;

/**
 * Whether this host stands in the active set, as a stop needs to know it (law "Stop only with proof"): `out` only by two
 * sources, the active participants and CometBFT's validators, or when the chain has no such participant. `now` in ms.
 */
export function membershipOf({ own, ownNode, participants, validators }: NetworkSnapshot, now: number): 'in' | 'out' | 'unknown' {
  if (own.value?.inSet) return 'in';
  // Whoever has voting power signs for someone: the account that is looked for may be the wrong one.
  if ((ownNode.value?.votingPower ?? 0) > 0) return 'unknown';
  if (own.value?.registered === false) return 'out';
  const listed = participants.state === 'ok' && participants.at !== undefined && Math.abs(now - participants.at) < SET_VALID_MS && own.value?.inSet === false;
  return listed && validators.state === 'ok' && validators.value?.among === false ? 'out' : 'unknown';
}

/**
 * The consensus key (base64) that the chain has for this host; `why`: a code of `errors.*`. Older than five minutes is
 * unknown. `inSet`: the active set has another one for it.
 */
export function ownKeyOf({ own: { value, at, error } }: NetworkSnapshot, now: number): { state: 'registered'; key: string; inSet?: string } | { state: 'not-registered' } | { state: 'unknown'; why: string } {
  const fresh = at !== undefined && Math.abs(now - at) < RECORD_VALID_MS;
  const key = chainKeyOf(value);
  const inSet = value?.active?.validatorKey;
  if (fresh && key) return { state: 'registered', key, ...(inSet && inSet !== key ? { inSet } : {}) };
  if (fresh && value?.registered === false) return { state: 'not-registered' };
  return { state: 'unknown', why: error?.code ?? 'chain_no_answer' };
}

/** The consensus key (base64) that the own node signs with, by its own RPC now; `why`: a code of `errors.*`. */
export function nodeKeyOf({ ownNode: { state, value, error } }: NetworkSnapshot): { state: 'known'; key: string } | { state: 'unknown'; why: string } {
  return state === 'ok' && value?.validatorKey ? { state: 'known', key: value.validatorKey } : { state: 'unknown', why: error?.code ?? 'chain_no_answer' };
}

/** What the chain shows of a key's signatures, as the interlock takes it: only a whole and present answer is known. */
export function signerOf({ state, value, error }: Reading<Signatures>): { state: 'known'; newest: number; last?: number; gapUnread: boolean } | { state: 'unknown'; why: string } {
  if (state !== 'ok' || !value) return { state: 'unknown', why: error?.code ?? 'chain_no_answer' };
  return { state: 'known', newest: value.newest.height, gapUnread: value.gapUnread, ...(value.last ? { last: value.last.height } : {}) };
}
