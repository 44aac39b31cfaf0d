/** A journal on a disk that becomes full, under the real runner and the real database: what waits neither ends nor acts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { fillDisk } from '../../e2e/fill-disk.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-journal-'));
const filler = path.join(dir, 'filler');
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('#lib/db/migrate.ts');
const { db } = await import('#lib/db/client.ts');
const { closeOperations, finished, isRunningHere, launch, stopRunning } = await import('./runner.ts');
const { pace } = await import('./pace.ts');
const { recoverOperations } = await import('./recovery.ts');
const { close, insertOperation, markStep, openOperations, operation } = await import('./store.ts');
const { unwrittenOf } = await import('./unwritten.ts');
type Procedure = import('./step.ts').Procedure;
type Kind = import('./schema.ts').Kind;

const patience = { timeout: 20_000, interval: 50 };
const fill = () => fillDisk(filler);
const free = () => rmSync(filler, { force: true });
beforeAll(() => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir]);
  migrate(path.join(dir, 'panel.db'), 'prisma/migrations');
  Object.assign(pace, { journalMs: 100 });
});
afterEach(free);
afterAll(async () => {
  closeOperations();
  await db().$disconnect();
  execFileSync('umount', ['-l', dir]);
  rmSync(dir, { recursive: true });
});

/** Starts the steps as an operation of this kind; each one's acts are counted. A pull of images touches no container, and what it left is not looked for. */
async function begin(kind: Kind, steps: Record<string, () => void | Promise<void>>, undo?: () => void): Promise<{ id: string; acts: string[] }> {
  const acts: string[] = [];
  const procedure: Procedure = {
    steps: Object.entries(steps).map(([name, work]) => ({
      name,
      async run() {
        acts.push(name);
        await work();
        return {};
      },
    })),
    async undo() {
      acts.push('undo');
      undo?.();
      return { code: 'exit_undone', params: { nodes: 'node1' } };
    },
  };
  const id = await insertOperation({ kind, project: `${kind}:leave`, command: [], startedBy: 'ann', ip: '192.0.2.7', params: {}, steps: Object.keys(steps) });
  const view = await operation(id);
  if (!view) throw new Error('no row');
  launch(view, undefined, undefined, procedure);
  return { id, acts };
}
const states = async (id: string) => Object.fromEntries(((await operation(id))?.steps ?? []).map(({ name, state }) => [name, state]));
const isUnwritten = (id: string) => expect.poll(() => unwrittenOf(id)?.code, patience).toBe('database_full');
const nothing = () => {};

it('an exit was stranded by a disk that was full when its next step was to begin', async () => {
  const { id, acts } = await begin('safe-exit', { first: fill, second: nothing });
  await isUnwritten(id);
  const { since } = unwrittenOf(id) ?? {};
  expect(await operation(id)).toMatchObject({ state: 'running' });
  // What was done is not claimed as long as it can't be written, and nothing is done that isn't written.
  expect(await states(id)).toEqual({ first: 'running', second: 'pending' });
  expect(acts).toEqual(['first']);
  expect(unwrittenOf(id)?.since).toBe(since);
  free();
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  expect(acts).toEqual(['first', 'second']);
  expect(unwrittenOf(id)).toBeUndefined();
});

it('a step whose own note could not be written ended the exit', async () => {
  let full = true;
  const { id, acts } = await begin('maintenance', {
    first: async () => {
      if (full) fill();
      full = false;
      await db().operation.updateMany({ data: { memo: 'x'.repeat(100_000) } });
    },
    second: nothing,
  });
  await isUnwritten(id);
  free();
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  // The step looks before it acts, and is asked again.
  expect([...new Set(acts)]).toEqual(['first', 'second']);
});

it('a cancel on a full disk takes nothing back before it is written, and then does so once', async () => {
  const { id, acts } = await begin('safe-exit', { first: fill, second: nothing });
  await isUnwritten(id);
  stopRunning(id);
  expect(isRunningHere(id)).toBe(true);
  expect(acts).toEqual(['first']);
  free();
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'cancelled' });
  expect(acts).toEqual(['first', 'undo']);
  expect(await states(id)).toMatchObject({ first: 'done', undo: 'done', observe: 'done' });
});

it('a panel that ends on a full disk leaves the exit open for its next start', async () => {
  const { id, acts } = await begin('safe-exit', { first: fill, second: nothing });
  await isUnwritten(id);
  closeOperations();
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'running', endedAt: undefined });
  expect(acts).toEqual(['first']);
});

it('an operation whose end could not be written held its deployment until the panel was restarted', async () => {
  const { id, acts } = await begin('get-deployment', { first: fill, second: nothing });
  await isUnwritten(id);
  expect(acts).toEqual(['first']);
  free();
  await finished(id);
  // As after a slow step: within its deadline it goes on.
  expect((await operation(id))?.state).toBe('succeeded');
  expect(acts).toEqual(['first', 'second']);
});

it('an operation that can not be written when it begins fails, and does nothing later', async () => {
  const { id, acts } = await begin('get-deployment', {
    first: async () => {
      fill();
      await db().operation.updateMany({ data: { memo: 'x'.repeat(100_000) } });
    },
    second: nothing,
  });
  await isUnwritten(id);
  free();
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'failed', error: { code: 'database_full', params: { dir } } });
  expect(acts).toEqual(['first']);
});

it('what a killed panel had left open stayed open, and held its deployment, where the next start found the disk full', async () => {
  for (const { id } of await openOperations()) await close(id, 'interrupted');
  const id = await insertOperation({ kind: 'get-deployment', project: 'join', command: [], startedBy: 'ann', ip: '192.0.2.7', params: {}, steps: ['clone'] });
  await markStep(id, 0, 'running');
  fill();
  await expect(recoverOperations()).rejects.toMatchObject({ code: 'database_full' });
  free();
  await expect.poll(async () => (await operation(id))?.state, patience).toBe('interrupted');
  expect(await states(id)).toEqual({ clone: 'interrupted' });
});
