import { clock } from '#lib/core/clock.ts';
import type { WeightsPlace } from '#lib/deployment/weights-place.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';
import { weightsOnDisk } from '#lib/models/weights-cache.ts';
import type { RunContext } from '#lib/operations/step.ts';
import type { ProgressPart } from '#lib/operations/schema.ts';
import { seenPlace } from './seen-place.ts';
import { TransferRate } from './transfer-rate.ts';
import { listingOf } from './weights-wanted.ts';

const partOf = ({ name, size, done }: { name: string; size: number; done: number }): ProgressPart => ({ name, state: done >= size ? 'done' : done > 0 ? 'working' : 'waiting', done, total: size });

/** Shows how many bytes of a model are on the disk, each time it is called, whoever writes them. */
export async function weightsProgress(run: RunContext, place: WeightsPlace, ref: ModelRef): Promise<() => Promise<void>> {
  const listing = await listingOf(place, ref);
  // Where the panel can't look, nothing is better than a bar that stands still.
  const seen = !('unknown' in (await seenPlace(place.cache)));
  const rate = new TransferRate();
  return async () => {
    const { done, files } = await weightsOnDisk(place.cache, ref.model, listing?.files);
    const total = listing?.bytes;
    if (seen) run.progress({ done, ...(total === undefined ? {} : { total }), ...rate.take(done, total, clock.now()), parts: files.map(partOf) });
  };
}
