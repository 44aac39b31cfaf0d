import type { WeightsPlace } from '#lib/deployment/weights-place.ts';
import type { HubFile } from '#lib/models/hub-files.ts';
import { type ModelRef, type WeightsState, weightsState } from '#lib/models/weights-cache.ts';
import { seenPlace } from './seen-place.ts';
import { listingOf } from './weights-wanted.ts';

/** What is there of a model where the ML node of this machine looks for it. Never throws. */
export async function weightsNow({ cache }: WeightsPlace, ref: ModelRef, listing?: readonly HubFile[]): Promise<WeightsState> {
  const facts = await seenPlace(cache);
  return 'unknown' in facts ? { state: 'unseen', why: facts.unknown } : weightsState(cache, ref, listing);
}

/** `complete`, by the hub's own list where it answers. */
export async function weightsProof(place: WeightsPlace, ref: ModelRef): Promise<WeightsState> {
  const listing = await listingOf(place, ref);
  return weightsNow(place, ref, listing?.files);
}
