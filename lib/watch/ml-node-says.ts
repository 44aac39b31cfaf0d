import type { Reading } from '#lib/chain/reading.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { Container } from '#lib/docker/client.ts';
import { containerUrl } from '#lib/docker/container-address.ts';
import { ML_NODE_PORT } from '#lib/mlnodes/model-downloads.ts';
import { mlNodeHealth } from '#lib/mlnodes/node-health.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { cardTargets } from './card-targets.ts';
import { LastGood } from './last-good.ts';

export type MlNodeSays = Reading<'healthy' | 'unhealthy'>;

/** Each is asked this often at most (ms), however many look: it keeps its own answer as long (facts 10.1). */
const SHARED_MS = 5_000;
const MOST_NODES = 32;

function says(url: string): Promise<MlNodeSays> {
  const all = singleton('ml-node-says', () => new Map<string, LastGood<'healthy' | 'unhealthy'>>());
  if (all.size > 4 * MOST_NODES) all.clear();
  const shared = all.get(url) ?? new LastGood<'healthy' | 'unhealthy'>('ml-node', SHARED_MS);
  all.set(url, shared);
  return shared.read(url, () => mlNodeHealth(url));
}

/** What the ML node in this container says of its health, asked at the container's address; undefined where there is none to ask. */
export async function mlContainerSays(container: Pick<Container, 'state' | 'networks'>): Promise<MlNodeSays | undefined> {
  const url = containerUrl(container, ML_NODE_PORT);
  return url === undefined ? undefined : says(url);
}

/** The same of ML nodes that the api knows, by their ids; those that can't be asked are left out. */
export async function mlNodesSay(nodes: readonly AdminNode[], { project, services }: Deployment, containers: readonly Container[]): Promise<ReadonlyMap<string, MlNodeSays>> {
  const targets = cardTargets(nodes.slice(0, MOST_NODES), containers.filter((one) => one.project === project.name), services.map(({ name }) => name));
  const answers = await Promise.all(targets.map(async ({ url, nodes: ids }) => ({ ids, said: await says(url) })));
  return new Map(answers.flatMap(({ ids, said }) => ids.map((id) => [id, said])));
}
