import type { Reading } from '#lib/chain/reading.ts';
import { singleton } from '#lib/core/singleton.ts';
import { offersDownloads } from '#lib/mlnodes/model-downloads.ts';
import { LastGood } from './last-good.ts';

/** Each question is a line in the ML node's log: once in this while (ms), however many look. */
const SHARED_MS = 60_000;
const MOST_NODES = 32;

/** Whether the ML node at `url` has downloads of its own (facts 10.1: since mlnode 3.0.10), asked without starting one. */
export function mlNodeOffers(url: string): Promise<Reading<boolean>> {
  const all = singleton('ml-node-offers', () => new Map<string, LastGood<boolean>>());
  if (all.size > 4 * MOST_NODES) all.clear();
  const shared = all.get(url) ?? new LastGood<boolean>('ml-node', SHARED_MS);
  all.set(url, shared);
  return shared.read(url, () => offersDownloads(url));
}
