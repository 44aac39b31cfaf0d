import { OWN_SOURCE, type Reading } from '#lib/chain/reading.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { nodeConfigs, type RawNode } from '#lib/mlnodes/node-configs.ts';
import { adminSide } from './api-nodes.ts';
import { LastGood } from './last-good.ts';

const SHARED_MS = 3_000;

/** The whole configurations of the own api's ML nodes, as `apiNodes` has their states. */
export function apiNodeConfigs(of: Deployment): Promise<Reading<RawNode[]>> {
  const shared = singleton('api-node-configs', () => new LastGood<RawNode[]>(OWN_SOURCE, SHARED_MS));
  return shared.read(`${of.dir} ${of.project.name}`, async () => {
    const admin = await adminSide(of);
    return admin.error ? { error: admin.error } : nodeConfigs(admin.url);
  });
}
