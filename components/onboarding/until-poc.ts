import type { EpochView } from '../epochs/epoch-view.ts';

/**
 * What a registered host that isn't in the active set may do until the next PoC. `under-way`: one runs, and its set comes
 * into force at `block`. `off`: it may be switched off (measured 11), to be back at `back` (ms; absent while the pace of
 * the chain isn't known). `near`: that would be too late already.
 */
export type UntilPoc = { is: 'under-way'; block: number } | { is: 'off'; back?: number } | { is: 'near' };

/** To catch up on blocks and to load a model (ms). */
const BEFORE_MS = 45 * 60_000;

export function untilPoc({ epoch, latestEpoch, stages, next, height, at, secondsPerBlock }: EpochView, now: number): UntilPoc {
  if (latestEpoch !== epoch) return { is: 'under-way', block: stages.setNewValidators };
  if (!secondsPerBlock) return { is: 'off' };
  const back = at + (next.pocStart - height) * secondsPerBlock * 1000 - BEFORE_MS;
  return back > now ? { is: 'off', back } : { is: 'near' };
}
