import { stat } from 'node:fs/promises';
import path from 'node:path';
import { hostPlaces } from '#lib/deployment/host-places.ts';
import { type PathFacts, pathFacts } from '#lib/host/paths.ts';

/** Whether what the panel sees at this path, or where it would be made, is the host's own. */
async function isSeen(place: string): Promise<boolean> {
  const visible = hostPlaces();
  for (let base = path.resolve(/*turbopackIgnore: true*/ place); ; base = path.dirname(base)) {
    const there = await stat(/*turbopackIgnore: true*/ base).then(() => true, (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR');
    if (there || base === path.dirname(base)) return visible(base);
  }
}

/** What is at a path of the host, and how much room; `{unknown: 'container'}` where the panel's own container hides it. */
export const seenPlace = async (place: string): Promise<PathFacts> => ((await isSeen(place)) ? pathFacts(place, false) : { unknown: 'container' });
