import { afterEach, describe, expect, it } from 'vitest';
import { chooseDeployment, currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { listeners } from '#lib/host/listeners.ts';
import { portPlan } from '#lib/operations/ports/plan.ts';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { type HostWorld, openHostWorld } from '../world.ts';
import { runShown, watchNetwork } from './watched-world.ts';

const PORT = 4630;
let world: HostWorld | undefined;

watchNetwork(PORT);
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function run(kind: Kind, given: { target?: string; params?: unknown } = {}): Promise<OperationView> {
  const done = await runShown(kind, { ...given, reason: 'a reason in case a PoC runs' });
  expect([kind, done.error, done.state]).toEqual([kind, undefined, 'succeeded']);
  return done;
}
async function plan(address: string | undefined) {
  forgetDeployment();
  return portPlan((await currentDeployment()) as Deployment, address);
}
const EVERYWHERE = '0.0.0.0 ::';
const LOOPBACK = '127.0.0.1';
/** Port → addresses that the kernel hears. */
async function heard(...ports: string[]): Promise<Record<string, string>> {
  const all = (await listeners()) ?? [];
  return Object.fromEntries(ports.map((port) => [port, all.filter((one) => one.protocol === 'tcp' && String(one.port) === port).map(({ address }) => address).sort().join(' ')]));
}

/** What upstream's own files publish on every address (facts 1.1), beside P2P and the API, which stay so. */
const RELEASES = {
  '0.2.8': { 5000: EVERYWHERE, 9100: EVERYWHERE, 9200: LOOPBACK, 8080: EVERYWHERE, 5050: EVERYWHERE },
  '0.2.14': { 5000: EVERYWHERE, 9100: EVERYWHERE, 9200: LOOPBACK, 8080: EVERYWHERE, 5050: EVERYWHERE },
} as const;

describe('the internal ports of upstream\'s own files', () => {
  for (const [release, open] of Object.entries(RELEASES) as [keyof typeof RELEASES, Record<string, string>][]) {
    it(`v${release}: are closed and opened again under running containers`, async () => {
      world = await openHostWorld({ release, seedPort: PORT, epochSeconds: 3600, startOffset: 1800 });
      await chooseDeployment(world.dir);
      await run('launch-chain');
      for (const target of ['api', 'inference']) await run('start', { target });
      expect(await heard(...Object.keys(open))).toEqual(open);

      const { params } = await plan(LOOPBACK);
      expect([...params.services].sort()).toEqual(['api', 'inference']);
      const closed = await run('close-ports', { params });
      expect(closed.command?.slice(-5)).toEqual(['-d', '--no-deps', '--', ...params.services]);
      expect(await heard(...Object.keys(open))).toEqual({ ...open, 9100: LOOPBACK, 8080: LOOPBACK, 5050: LOOPBACK });
      expect((await plan(LOOPBACK)).services).toEqual([]);

      await run('open-ports', { params: (await plan(undefined)).params });
      expect(await heard(...Object.keys(open))).toEqual(open);
    });
  }
});
