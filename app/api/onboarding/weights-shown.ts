import type { WeightsPlace } from '#lib/deployment/weights-place.ts';
import { HUB, type HubListing, hubListing } from '#lib/models/hub-files.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';
import { commitHere, type WeightsState } from '#lib/models/weights-cache.ts';
import { weightsNow } from '#lib/operations/downloads/weights-now.ts';
import { soon } from './soon.ts';

/**
 * What is there of a model, for a page. Where something unfinished lies beside weights that are whole, the hub's list of the
 * very commit that is here decides, as soon as the hub has given it: the branch may have moved on meanwhile. Never throws.
 */
export async function weightsShown(place: WeightsPlace, ref: ModelRef, listing?: HubListing): Promise<WeightsState> {
  const found = await weightsNow(place, ref, listing);
  const commit = found.state === 'partial' && found.missing.length === 0 ? await commitHere(place.cache, ref) : undefined;
  const own = commit === undefined ? undefined : await soon(hubListing({ ...ref, revision: commit }, place.environment.HF_ENDPOINT ?? HUB), undefined);
  return own ? weightsNow(place, ref, own) : found;
}
