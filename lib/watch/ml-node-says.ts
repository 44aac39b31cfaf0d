import type { Reading } from '#lib/chain/reading.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Container } from '#lib/docker/client.ts';
import { mlNodeHealth } from '#lib/mlnodes/node-health.ts';
import { LastGood } from './last-good.ts';

/** It is asked this often at most (ms), however many look: it keeps its own answer as long (facts 10.1). */
const SHARED_MS = 5_000;
const PORT = 8080;
const MOST_NODES = 32;

/** What the ML node in this container says of its health, asked at the container's address; undefined where there is none to ask. */
export async function mlNodeSays({ id, state, networks }: Pick<Container, 'id' | 'state' | 'networks'>): Promise<Reading<'healthy' | 'unhealthy'> | undefined> {
  const address = networks.find((network) => network.address)?.address ?? (networks.some(({ name }) => name === 'host') ? '127.0.0.1' : undefined);
  if (state !== 'running' || !address) return undefined;
  const all = singleton('ml-node-says', () => new Map<string, LastGood<'healthy' | 'unhealthy'>>());
  if (all.size > 4 * MOST_NODES) all.clear();
  const shared = all.get(id) ?? new LastGood<'healthy' | 'unhealthy'>('ml-node', SHARED_MS);
  all.set(id, shared);
  return shared.read(address, () => mlNodeHealth(`http://${address.includes(':') ? `[${address}]` : address}:${PORT}`));
}
