import type { ChainParticipant } from '#lib/chain/own-participant.ts';
import type { Reading } from '#lib/chain/reading.ts';

/** How the chain's record of our account stands to what we want there. `registered` is the only proof (measured 8). */
export type RecordVerdict =
  | { state: 'registered'; source: string; at: number }
  | { state: 'absent'; source: string; at: number }
  /** Our key under an older URL: another registration changes nothing. */
  | { state: 'other-url'; url: string }
  /** Another consensus key: that host, or an earlier key of this one. */
  | { state: 'other-key'; url: string; key: string }
  | { state: 'unknown'; why: string };

/** Before something is sent, and as its proof, a record speaks for this long (ms). */
const VALID_MS = 60_000;

/** Strict: a young answer, our URL to the letter, our consensus key. `want.key`: base64; `validMs`: longer for showing only. */
export function recordVerdict({ state, value, at, source = '', error }: Reading<ChainParticipant | false>, want: { url: string; key: string }, now: number, validMs = VALID_MS): RecordVerdict {
  if (value === undefined || at === undefined || state !== 'ok' || Math.abs(now - at) > validMs) return { state: 'unknown', why: error?.code ?? (value === undefined ? 'chain_no_answer' : 'chain_stale') };
  if (value === false) return { state: 'absent', source, at };
  if (want.key === '' || value.validatorKey !== want.key) return { state: 'other-key', url: value.url, key: value.validatorKey };
  return value.url === want.url ? { state: 'registered', source, at } : { state: 'other-url', url: value.url };
}
