import { keepOnly, listingNames } from './listing.ts';
import { resetParams } from './schema.ts';
import { isOver } from '#lib/operations/schema.ts';
import { listOperations } from '#lib/operations/store.ts';

/** Resets looked at; whoever retries an older one is told that what is there has changed. */
const MOST = 200;

/**
 * Drops the listings of resets that are over for good: those that succeeded, and those that a later one of the same part and
 * deployment has overtaken. One that was cut off keeps its own, for the folder alone doesn't say what was agreed on.
 */
export async function dropEndedListings(): Promise<void> {
  // First the files: one that comes since belongs to a reset that isn't looked at.
  const names = await listingNames();
  if (names.length === 0) return;
  const wanted = new Set<string>();
  const seen = new Set<string>();
  for (const one of (await listOperations({ kind: ['reset'], limit: MOST })).operations) {
    const params = resetParams.safeParse(one.params).data;
    // One that was refused before it listed anything overtakes nothing.
    const listed = one.steps.some(({ name, state }) => name === 'reset-list' && state !== 'pending');
    if (!params || (isOver(one.state) && !listed)) continue;
    const of = `${one.project} ${params.part}`;
    if (one.state !== 'succeeded' && (!seen.has(of) || !isOver(one.state))) wanted.add(params.listing);
    seen.add(of);
  }
  await keepOnly(wanted, names);
}
