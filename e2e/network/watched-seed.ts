/** For a whole test file: a seed of the stand-in network and the panel's view of it. The clocks of both are moved together. */
import { afterEach, beforeEach, vi } from 'vitest';
import { ChainGateway } from '#lib/chain/client.ts';
import type { OwnAddresses } from '#lib/chain/own-node.ts';
import { NetworkWatch } from '#lib/watch/network-watch.ts';
import type { ReleaseName } from './releases.ts';
import { type Door, type Seed, startSeed } from './seed.ts';

export type WatchedSeed = {
  seed: Seed;
  watch: NetworkWatch;
  /** Lets this much time (ms) go by. */
  pass: (ms: number) => void;
  /** From now on there is an own node, which has caught up. */
  ownNode: () => Promise<Door>;
};

/** What it gives is there from the first test on, new for each. */
export function watchedSeed(release: ReleaseName): WatchedSeed {
  let addresses: OwnAddresses = {};
  const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);
  const watched = {
    pass,
    async ownNode() {
      const door = await watched.seed.openDoor({ host: '127.0.0.1', rateLimit: false });
      addresses = { rpc: `${door.url}/chain-rpc`, rest: `${door.url}/chain-api`, api: door.url };
      await watched.watch.snapshot();
      pass(7_000);
      await watched.watch.snapshot();
      return door;
    },
  } as WatchedSeed;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(1_800_000_000_000);
    addresses = {};
    watched.seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release, now: Date.now() });
    watched.watch = new NetworkWatch({ now: () => Date.now(), seedUrls: [watched.seed.url], gateway: new ChainGateway(), addresses: async () => addresses, accountPubkey: async () => undefined });
  });
  afterEach(async () => {
    watched.watch.close();
    await watched.seed.stop();
    vi.useRealTimers();
  });
  return watched;
}
