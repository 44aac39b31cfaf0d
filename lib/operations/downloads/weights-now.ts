import type { WeightsPlace } from '#lib/deployment/weights-place.ts';
import type { HubListing } from '#lib/models/hub-files.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';
import { commitHere, type WeightsState, weightsState } from '#lib/models/weights-cache.ts';
import { seenPlace } from './seen-place.ts';
import { listingOf } from './weights-wanted.ts';

/** What is there of a model where the ML node of this machine looks for it. Never throws. */
export async function weightsNow({ cache }: WeightsPlace, ref: ModelRef, listing?: HubListing): Promise<WeightsState> {
  const facts = await seenPlace(cache);
  return 'unknown' in facts ? { state: 'unseen', why: facts.unknown } : weightsState(cache, ref, listing);
}

/** `complete`, by the hub's own list of the very commit that is here, where it answers: the branch may have moved on since it was downloaded. */
export async function weightsProof(place: WeightsPlace, ref: ModelRef): Promise<WeightsState> {
  const commit = await commitHere(place.cache, ref);
  return weightsNow(place, ref, commit === undefined ? undefined : await listingOf(place, { ...ref, revision: commit }));
}

/** Whether what is here is proven and, as far as the hub says when it is asked now, what the revision is at. */
export async function isUpToDate(place: WeightsPlace, ref: ModelRef): Promise<boolean> {
  const found = await weightsProof(place, ref);
  if (found.state !== 'complete') return false;
  const newest = await listingOf(place, ref, 0);
  return newest === undefined || newest.commit === found.commit;
}
