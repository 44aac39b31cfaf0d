import { ownAddresses } from '#lib/chain/own-node.ts';
import { OWN_SOURCE, type Reading, type ReadingError } from '#lib/chain/reading.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { adminNodes } from '#lib/mlnodes/client.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { LastGood } from './last-good.ts';

/** A hanging admin side (measured 28) must not be asked again by every look. */
const SHARED_MS = 3_000;
const ADMIN_PORT = '9200';

/** The own api's list of ML nodes (facts 4.2), asked at its container's address; the last good list stays with its age. */
export function apiNodes(deployment: Deployment): Promise<Reading<AdminNode[]>> {
  const shared = singleton('api-nodes', () => new LastGood<AdminNode[]>(OWN_SOURCE, SHARED_MS));
  return shared.read(`${deployment.dir} ${deployment.project.name}`, async () => {
    const admin = await adminSide(deployment);
    return admin.error ? { error: admin.error } : adminNodes(admin.url);
  });
}

/** Where the own api's admin side is, at its container's address (`http://172.18.0.4:9200`), or why there is none. */
export async function adminSide(deployment: Deployment): Promise<{ url: string; error?: undefined } | { url?: undefined; error: ReadingError }> {
  const { engine, containers } = await engineWatch().snapshot();
  if (engine.state !== 'ok') return { error: { code: `engine_${engine.state}`, params: { socket: engine.socket, detail: engine.detail } } };
  const { api } = ownAddresses(containers.filter(({ project }) => project === deployment.project.name));
  if (!api) return { error: { code: 'chain_own_not_running', params: { service: 'api' } } };
  const admin = new URL(api);
  admin.port = ADMIN_PORT;
  return { url: admin.origin };
}
