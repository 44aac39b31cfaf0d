/** A whole exit and a whole maintenance against the stand-in network, with upstream's own files. */
import { afterEach, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { resumeMaintenance, reportOf } from '#lib/operations/exit/control.ts';
import { reportJson } from '#lib/operations/exit/report.ts';
import { finished, operation, startOperation } from '#lib/operations/journal.ts';
import { intents } from '#lib/operations/ml-nodes/intent.ts';
import { by, type ExitHost, openExitHost, patience } from './exit-host.ts';

let host: ExitHost | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

it('v0.2.4: a host leaves although its node is drawn for duty, although api forgets the disable, and stops only when it is out', async () => {
  host = await openExitHost({ release: '0.2.4', port: 4620 });
  const { seed } = host;
  const epoch = host.epoch() + 1;
  seed.change({ draws: { node1: [epoch, epoch + 1] } });
  await host.nextSet(true);

  const id = await host.start('safe-exit', { scope: 'host' });
  await host.stage(id, 'set');
  expect(await host.nodes()).toMatchObject([{ id: 'node1', enabled: false, epoch }]);
  expect(await intents(host.dir)).toMatchObject([{ nodeId: 'node1', by: 'ann', partOf: id }]);
  // A second browser is told who has begun; a repair beside it is not held up.
  const second = await startOperation({ kind: 'maintenance', params: { scope: 'ml-nodes' }, ...by }).catch((error: unknown) => error);
  expect(isPanelError(second) && [second.code, second.params.kind, second.params.user, second.params.id]).toEqual(['operation_running', 'safe_exit', 'ann', id]);
  const repair = await startOperation({ kind: 'restart', target: 'api', reason: 'a test of what api forgets', shown: ['poc', 'poc_near', 'leaving'], ...by });
  await finished(repair.id);
  expect((await operation(repair.id))?.state).toBe('succeeded');
  // That stop was a person's, not the exit's.
  host.record.stops.splice(0);
  await expect.poll(async () => (await host?.nodes())?.[0]?.enabled, patience).toBe(false);
  await expect.poll(async () => (await host?.view(id))?.nodes[0]?.forgotten, patience).toBeGreaterThan(0);

  for (const held of [epoch + 1, epoch + 2]) {
    await host.nextSet();
    await expect.poll(async () => (await host?.view(id))?.clock?.epoch, patience).toBe(held);
    await host.stage(id, 'duty');
    expect(await host.view(id)).toMatchObject({ waits: { epoch: held + 1 }, cost: { known: true, inSet: true, weight: 40 } });
  }
  await host.nextSet();
  await finished(id);
  expect((await host.view(id)).draws).toEqual([{ epoch, nodes: ['node1'] }, { epoch: epoch + 1, nodes: ['node1'] }]);

  const done = await operation(id);
  expect(done).toMatchObject({ state: 'succeeded' });
  expect(host.containers()).toEqual({});
  const view = await host.view(id);
  expect(view.claim).toMatchObject({ state: 'claimed' });
  const places = view.proven?.witnesses.map(({ kind, says }) => [kind, says]);
  expect(places).toHaveLength(2);
  expect(new Set(view.proven?.witnesses.map(({ place }) => place)).size).toBe(2);
  for (const one of view.proven?.witnesses ?? []) expect(one).toMatchObject({ says: 'out', others: expect.any(Number) });
  const report = await reportOf(id);
  expect(report).toMatchObject({ state: 'succeeded', nodes: [{ id: 'node1' }], proof: { witnesses: [{ says: 'out' }, { says: 'out' }] } });
  expect(reportJson(report)).not.toContain(host.keyringPassword);
}, 400_000);

it.runIf(process.env.TEST_LONG)('v0.2.8: a maintenance of the ML nodes stops them by proof, waits for its resume, and comes back into the set', async () => {
  host = await openExitHost({ release: '0.2.8', port: 4621 });
  const id = await host.start('maintenance', { scope: 'ml-nodes' });
  await host.stage(id, 'set');
  await host.nextSet();
  await expect.poll(async () => (await host?.view(id))?.mayResume, patience).toBe(true);
  const { 'mlnode-308': ml, inference, ...rest } = host.containers();
  expect([ml, inference]).toEqual([undefined, undefined]);
  expect(Object.values(rest).every((state) => state === 'running')).toBe(true);

  await resumeMaintenance(id, by);
  await host.stage(id, 'back');
  expect(await host.nodes()).toMatchObject([{ id: 'node1', enabled: true }]);
  expect(await intents(host.dir)).toEqual([]);
  host.seed.change({ moveTo: 58 });
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  expect((await host.view(id)).back).toMatchObject({ weight: 40 });
}, 400_000);
