import { afterEach, describe, expect, it } from 'vitest';
import { chooseDeployment } from '#lib/deployment/current.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { type HostWorld, openHostWorld } from '../world.ts';
import { runShown, watchNetwork } from './watched-world.ts';

const PORT = 4610;
let world: HostWorld | undefined;

watchNetwork(PORT);
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const run = (kind: Kind, target?: string, reason?: string) => runShown(kind, { target, reason });
const detail = (o: OperationView, name: string) => o.steps.find((s) => s.name === name)?.detail;

describe('upstream\'s own files, the stand-in network', () => {
  for (const release of ['0.2.4', '0.2.14'] as const) {
    it(`v${release}: the chain starts, proves itself, and is guarded`, async () => {
      world = await openHostWorld({ release, seedPort: PORT, epochSeconds: 3600, startOffset: 1800 });
      await chooseDeployment(world.dir);
      const preview = await previewOperation({ kind: 'launch-chain' });
      expect(preview).toMatchObject({ gate: { answer: 'yes' }, pulls: [] });
      expect(preview.command.join(' ')).toMatch(/up -d --no-deps -- tmkms node$/);
      const launched = await run('launch-chain');
      expect(launched.error).toBeUndefined();
      expect(launched.state).toBe('succeeded');
      expect(detail(launched, 'signs-of-life')).toMatchObject({ params: { tmkms: 'connected', node: 'answers' } });
      expect(detail(launched, 'remember-key')).toMatchObject({ code: 'tmkms_made' });

      // The former release asked the same seed a moment ago: the record is read when politeness allows.
      await expect.poll(async () => (await networkSnapshot()).own.value?.registered, { timeout: 120_000, interval: 1000 }).toBe(false);
      // The phase is the network's, the key is asked of the chain: this host isn't registered yet.
      const again = await run('restart', 'tmkms', 'a reason in case a PoC runs');
      expect(again.error).toBeUndefined();
      expect(again).toMatchObject({ state: 'succeeded', command: ['docker', 'restart', 'tmkms'] });
      expect(detail(again, 'tmkms-key')).toMatchObject({ code: 'tmkms_key', params: { key: detail(launched, 'remember-key')?.params.key, chain: 'not_registered' } });
      expect(again.phase).toBeDefined();
      const { gate } = await previewOperation({ kind: 'restart', target: 'node' });
      expect(gate.answer).toBe(again.phase === 'Inference' ? 'yes' : 'reason-needed');

      expect((await run('stop', 'node', 'maintenance of the machine')).state).toBe('succeeded');
      expect((await run('start', 'node')).state).toBe('succeeded');
    });
  }
});
