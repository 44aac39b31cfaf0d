import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PanelError } from '#lib/core/errors.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-exit-'));
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('#lib/db/migrate.ts');
migrate(path.join(dir, 'panel.db'), 'prisma/migrations');
const { db } = await import('#lib/db/client.ts');
const { insertOperation, markRunning, markStep, operation } = await import('#lib/operations/store.ts');
const { exitSeen, resumeMaintenance } = await import('./control.ts');
const { EXIT } = await import('./exit.ts');
const { keepTrying } = await import('./keep-trying.ts');
const { changeMemo, memoNow } = await import('./memo.ts');

const by = { user: 'ann', ip: '192.0.2.7' };
afterAll(async () => {
  await db().$disconnect();
  rmSync(dir, { recursive: true });
});

/** A maintenance of the whole host whose steps before `at` are done. */
async function maintenance(at: string): Promise<string> {
  const steps = EXIT.maintenance.steps.map(({ name }) => name);
  const id = await insertOperation({ kind: 'maintenance', project: 'join:leave', command: [], startedBy: 'ann', ip: by.ip, params: { scope: 'host' }, steps });
  await markRunning(id);
  for (const [position, name] of steps.entries()) {
    await markStep(id, position, name === at ? 'running' : 'done');
    if (name === at) break;
  }
  return id;
}
function runOf(id: string) {
  const said: string[] = [];
  const controller = new AbortController();
  const wait = async () => controller.signal.throwIfAborted();
  return { said, stop: () => controller.abort(new Error('cancelled')), run: { id, signal: controller.signal, wait, output: { say: ({ code }: { code: string }) => void said.push(code) } } as unknown as Parameters<typeof keepTrying>[0] };
}

test('an exit was ended by a file that could not be read five times in a row', async () => {
  const id = await maintenance('remove-ml');
  const { run, said } = runOf(id);
  const begun = Date.now();
  const seen: unknown[] = [];
  let tries = 0;
  const done = await keepTrying(run, async () => {
    seen.push((await exitSeen(id)).failing);
    tries += 1;
    if (tries <= 30) throw new PanelError('operation_no_deployment', {}, { status: 409 });
    // A defect may be of a moment, too.
    if (tries === 31) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    return tries < 35 ? undefined : 'done';
  });
  expect([done, tries]).toEqual(['done', 35]);
  const since = (seen[1] as { since: number }).since;
  expect(since).toBeGreaterThanOrEqual(begun);
  // The same trouble keeps its beginning, and is said once.
  expect(seen[0]).toBeUndefined();
  expect(seen.slice(1, 31)).toEqual(Array(30).fill({ code: 'operation_no_deployment', params: {}, since }));
  expect(seen[31]).toMatchObject({ code: 'unexpected' });
  expect(said).toEqual(['exit_tries_again', 'exit_tries_again']);
  expect((await exitSeen(id)).failing).toBeUndefined();
});

test('a trouble that was over stayed on the page for as long as the exit had to wait after it', async () => {
  const id = await maintenance('remove-ml');
  const { run } = runOf(id);
  const seen: unknown[] = [];
  await keepTrying(run, async () => {
    seen.push((await exitSeen(id)).failing);
    if (seen.length === 1) throw new PanelError('operation_no_deployment', {}, { status: 409 });
    return seen.length < 4 ? undefined : 'done';
  });
  expect(seen).toEqual([undefined, expect.objectContaining({ code: 'operation_no_deployment' }), undefined, undefined]);
});

test('a cancel ends it while it goes on failing', async () => {
  const id = await maintenance('down');
  const { run, stop } = runOf(id);
  let tries = 0;
  const end = keepTrying(run, async () => {
    tries += 1;
    if (tries === 8) stop();
    throw new PanelError('containers_left', { containers: 'node' });
  });
  await expect(end).rejects.toThrow('cancelled');
  expect(tries).toBe(8);
});

test('a start that wanted a reason at the end of a maintenance could be given none', async () => {
  const id = await maintenance('exit-pause');
  expect(await exitSeen(id)).toMatchObject({ mayResume: true, asksReason: false });
  await expect(resumeMaintenance(id, by, { shown: ['tmkms_signs_unknown'] })).rejects.toMatchObject({ code: 'operation_reason_needed' });
  await expect(resumeMaintenance(id, by, { reason: 'short', shown: ['tmkms_signs_unknown'] })).rejects.toMatchObject({ code: 'operation_reason_needed' });
  expect((await memoNow(id)).resume).toBeUndefined();
  await resumeMaintenance(id, by, { reason: 'the disk was replaced', shown: ['tmkms_signs_unknown'] });
  expect((await memoNow(id)).resume).toMatchObject({ by: 'ann', reason: 'the disk was replaced', shown: ['tmkms_signs_unknown'] });
  expect((await exitSeen(id)).events).toMatchObject([{ code: 'reason', params: { user: 'ann', reason: 'the disk was replaced' } }]);
});

test('what came up after the resume is answered by a reason of its own, and nothing else is', async () => {
  const id = await maintenance('exit-pause');
  await resumeMaintenance(id, by);
  await expect(resumeMaintenance(id, by, { reason: 'once more, please', shown: ['poc'] })).rejects.toMatchObject({ code: 'exit_not_paused' });
  await changeMemo(id, (memo) => ({ memo: { ...memo, failing: { code: 'operation_reason_needed', params: { why: 'poc' }, since: 1 } }, result: undefined }));
  expect(await exitSeen(id)).toMatchObject({ mayResume: false, asksReason: true });
  const { at } = (await memoNow(id)).resume ?? {};
  await resumeMaintenance(id, { ...by, user: 'bob' }, { reason: 'a PoC that we miss anyway', shown: ['poc'] });
  expect((await memoNow(id)).resume).toEqual({ at, by: 'ann', reason: 'a PoC that we miss anyway', shown: ['poc'] });
  expect((await operation(id))?.state).toBe('running');
});
