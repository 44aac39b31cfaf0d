import { type EpochClock, timeOf } from '#lib/chain/epoch-clock.ts';
import { setBlock } from '#lib/operations/exit/machine.ts';
import type { DisableEffect } from './schema.ts';

/**
 * What a disable does that is sent now (facts 4.4, measured 22, 23): it counts for the latest epoch, so the node serves until
 * the PoC of the one after it starts, and the first set without it is that epoch's. While a PoC runs that is one longer. A node that is
 * drawn for duty stays longer still (measured 42).
 */
export function disableEffect(clock: EpochClock): DisableEffect {
  const epoch = clock.latestEpoch + 1;
  const block = setBlock(clock, epoch);
  const at = timeOf(clock, block);
  return { longer: clock.latestEpoch !== clock.epoch || clock.phase !== 'Inference', epoch, block, ...(at === undefined ? {} : { at }) };
}
