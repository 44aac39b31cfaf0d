/** An exit and a maintenance whose journal can't be written, in each of their moments: nothing is done that isn't journaled, nothing ends, nothing is done twice. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { resumeMaintenance } from '#lib/operations/exit/control.ts';
import { cancelOperation, finished, operation, recoverOperations } from '#lib/operations/journal.ts';
import { closeOperations } from '#lib/operations/runner.ts';
import { fillDisk } from '../fill-disk.ts';
import { by, type ExitHost, openExitHost, patience } from './exit-host.ts';

let host: ExitHost | undefined;
afterEach(async () => {
  if (host) free(host);
  await host?.close();
  host = undefined;
});

const filler = ({ dataDir }: ExitHost) => path.join(dataDir, 'filler');
const fill = (of: ExitHost) => fillDisk(filler(of));
const free = (of: ExitHost) => rmSync(filler(of), { force: true });
const mlRuns = (of: ExitHost) => of.containers()['mlnode-308'] === 'running';
const isUnwritten = (of: ExitHost, id: string) => expect.poll(async () => (await of.view(id)).failing, patience).toMatchObject({ code: 'database_full', params: { dir: of.dataDir }, since: expect.any(Number) });
const step = async (id: string, name: string) => (await operation(id))?.steps.find((one) => one.name === name);
/** Some blocks go by, in each of which the exit would have looked and acted. */
async function blocksPass(of: ExitHost, count = 8): Promise<void> {
  const until = of.seed.height() + count;
  await expect.poll(() => of.seed.height(), patience).toBeGreaterThan(until);
}
/** Every container that went, went once. */
function removedOnce(of: ExitHost): string[] {
  const removed = of.record.stops.filter(({ how }) => how === 'removed').map(({ service }) => service);
  expect(removed).toEqual([...new Set(removed)]);
  return removed;
}

async function leaving(kind: 'safe-exit' | 'maintenance', port: number): Promise<ExitHost & { id: string }> {
  const open = await openExitHost({ release: '0.2.8', port, diskMb: 16 });
  host = open;
  const id = await open.start(kind, { scope: 'ml-nodes' });
  await open.stage(id, 'set');
  return { ...open, id };
}

it('the disk of the journal is full while the exit waits: it says so over a restart of the panel, stops nothing, and goes on with the room', async () => {
  const begun = await leaving('safe-exit', 4650);
  const { id } = begun;
  fill(begun);
  await isUnwritten(begun, id);
  const { since = 0 } = (await begun.view(id)).failing ?? {};
  // From here on it could be proven and stopped.
  await begun.nextSet();
  await blocksPass(begun);
  expect(mlRuns(begun)).toBe(true);
  expect(begun.record.stops).toEqual([]);
  expect(await begun.view(id)).toMatchObject({ state: 'running', stage: 'set', failing: { since } });

  closeOperations();
  await finished(id);
  Reflect.deleteProperty(globalThis, Symbol.for('gonka-panel.operations.recovery'));
  expect(await recoverOperations()).toEqual({ interrupted: [], resumed: [id] });
  await isUnwritten(begun, id);
  await blocksPass(begun, 4);
  expect(mlRuns(begun)).toBe(true);

  free(begun);
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  expect((await begun.view(id)).failing).toBeUndefined();
  expect(removedOnce(begun)).toContain('mlnode-308');
  expect(begun.disables()).toBe(1);
});

it.runIf(process.env.TEST_LONG)('the disk becomes full while the containers go, and again at the resume of the maintenance', async () => {
  const begun = await leaving('maintenance', 4651);
  const { id } = begun;
  await begun.nextSet();
  // In the middle of compose's command, which has been journaled; what came of it can't be.
  await expect.poll(() => begun.record.stops.length, { timeout: patience.timeout, interval: 10 }).toBeGreaterThan(0);
  fill(begun);
  await isUnwritten(begun, id);
  await expect.poll(() => begun.containers(), patience).not.toHaveProperty('mlnode-308');
  expect(await step(id, 'remove-ml')).toMatchObject({ state: 'running' });
  expect(await begun.view(id)).toMatchObject({ state: 'running' });
  free(begun);
  await begun.stage(id, 'pause');
  expect(await step(id, 'remove-ml')).toMatchObject({ state: 'done', detail: { code: 'removed' } });
  const removed = removedOnce(begun);

  fill(begun);
  await expect(resumeMaintenance(id, by)).rejects.toMatchObject({ code: 'database_full' });
  await blocksPass(begun, 4);
  expect(await begun.view(id)).toMatchObject({ stage: 'pause', mayResume: true });
  expect(begun.containers()).not.toHaveProperty('mlnode-308');
  free(begun);
  await resumeMaintenance(id, by);
  await expect.poll(async () => (await begun.nodes())[0]?.enabled, patience).toBe(true);
  await begun.stage(id, 'back');
  await begun.nextSet(true);
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  expect((await begun.view(id)).back).toMatchObject({ weight: expect.any(Number) });
  expect(mlRuns(begun)).toBe(true);
  expect(removedOnce(begun)).toEqual(removed);
}, 500_000);

it.runIf(process.env.TEST_LONG)('a cancel that could not be journaled was heard, and forgotten by a panel that was killed: it is refused, and heard with the room', async () => {
  const begun = await leaving('safe-exit', 4652);
  const { id } = begun;
  fill(begun);
  await isUnwritten(begun, id);
  await expect(cancelOperation(id, by)).rejects.toMatchObject({ code: 'database_full' });
  await blocksPass(begun);
  expect(await begun.nodes()).toMatchObject([{ id: 'node1', enabled: false }]);
  expect(await operation(id)).toMatchObject({ state: 'running' });
  free(begun);
  await expect.poll(async () => (await begun.view(id)).failing, patience).toBeUndefined();
  expect(await begun.view(id)).toMatchObject({ state: 'running', stage: 'set' });
  await cancelOperation(id, by);
  expect(await step(id, 'undo')).toBeDefined();
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'cancelled' });
  expect((await operation(id))?.steps.filter(({ name }) => name === 'undo')).toMatchObject([{ state: 'done', detail: { code: 'exit_undone' } }]);
  expect(await begun.nodes()).toMatchObject([{ id: 'node1', enabled: true }]);
  expect(mlRuns(begun)).toBe(true);
}, 500_000);
