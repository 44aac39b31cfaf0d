import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { PanelError } from '#lib/core/errors.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'panel-return-'));
process.env.PANEL_DATA_DIR = dir;
const { migrate } = await import('#lib/db/migrate.ts');
migrate(path.join(dir, 'panel.db'), 'prisma/migrations');

/** The api's list, and an engine that doesn't answer for so many looks. */
const world = { enabled: false, engineDown: 0 };
vi.mock('#lib/mlnodes/client.ts', () => ({ adminNodes: async () => ({ value: [{ id: 'node1', state: { admin: { enabled: world.enabled, epoch: 5 } } }], at: Date.now() }) }));
vi.mock('#lib/mlnodes/switch-node.ts', () => ({ switchNode: async (_url: string, _id: string, on: boolean) => {
  world.enabled = on;
  return {};
} }));
vi.mock('#lib/operations/situation.ts', async (original) => ({
  ...(await original<object>()),
  situation: async () => {
    if (world.engineDown-- > 0) throw new PanelError('engine_absent', {}, { status: 503 });
    return { affected: [{ service: { name: 'api', role: 'api' }, container: { state: 'running' } }] };
  },
}));
const { db } = await import('#lib/db/client.ts');
const { insertOperation } = await import('#lib/operations/store.ts');
const { surroundOperations } = await import('#lib/operations/surroundings.ts');
const { intents, wantDisabled } = await import('#lib/operations/ml-nodes/intent.ts');
const { EXIT } = await import('./exit.ts');
const { changeMemo } = await import('./memo.ts');
const { readMemo } = await import('./schema.ts');
const { startsAgain, undoExit } = await import('./return.ts');
surroundOperations({ adminSide: async () => ({ url: 'http://api:9200' }), mlNodes: async () => ({ state: 'ok', at: Date.now(), value: [{ id: 'node1', state: { admin: { enabled: world.enabled, epoch: 5 } } }] as never }) });
afterAll(async () => {
  await db().$disconnect();
  rmSync(dir, { recursive: true });
});

async function exit(more: object = {}) {
  const id = await insertOperation({ kind: 'maintenance', project: 'join:leave', command: [], startedBy: 'ann', ip: '', params: { scope: 'ml-nodes' }, steps: [] });
  await changeMemo(id, () => ({ memo: readMemo({ dir: '/d', nodes: [{ id: 'node1', ours: true, disabledAt: 1, epoch: 5 }], ...more }), result: undefined }));
  await wantDisabled('/d', ['node1'], 'ann', id);
  const run = { id, kind: 'maintenance', params: { scope: 'ml-nodes' }, signal: new AbortController().signal, deployment: { dir: '/d' }, readAgain: async () => undefined, wait: async () => undefined, output: { say: () => undefined } };
  return run as typeof run & Parameters<typeof undoExit>[0];
}

test('a cancel while the engine restarted left every node disabled', async () => {
  Object.assign(world, { enabled: false, engineDown: 3 });
  const run = await exit();
  let moved = 2;
  run.readAgain = async () => {
    if (moved-- > 0) throw new PanelError('operation_no_deployment', {}, { status: 409 });
  };
  expect(await undoExit(run)).toEqual({ code: 'exit_undone', params: { nodes: 'node1' } });
  expect([world.enabled, await intents('/d')]).toEqual([true, []]);
});

test('a cancel of what leaves from another directory enables nothing here, and wants nothing disabled there any more', async () => {
  Object.assign(world, { enabled: false, engineDown: 0 });
  const other = await exit({ dir: '/elsewhere' });
  await wantDisabled('/elsewhere', ['node1'], 'ann', other.id);
  await expect(undoExit(other)).rejects.toMatchObject({ code: 'exit_other_deployment' });
  expect([world.enabled, await intents('/elsewhere')]).toEqual([false, []]);
});

test('a maintenance whose directory was away for a moment ended when its ML services were to be started', async () => {
  const step = EXIT.maintenance.steps.find(({ name }) => name === 'start-ml');
  const run = await exit({ tookDown: ['mlnode-308'] });
  let there = false;
  let ran: string[] = [];
  Object.defineProperty(run, 'deployment', {
    get: () => {
      if (!there) throw new PanelError('operation_no_deployment', {}, { status: 409 });
      return { dir: '/d', services: [{ name: 'mlnode-308', group: 'ml', active: true }] };
    },
  });
  run.readAgain = async () => {
    there = true;
  };
  run.alone = async (work) => work();
  run.compose = async (args) => {
    ran = args;
    throw new Error('enough');
  };
  run.wait = async () => {
    throw new Error('enough');
  };
  await expect(step?.run(run)).rejects.toThrow('enough');
  expect(ran).toEqual(['up', '-d', '--no-deps', '--', 'mlnode-308']);
});

test('ML services that an update had renamed during a maintenance were not started, and the host was waited for without end', () => {
  const ml = (name: string, active = true) => ({ name, group: 'ml' as const, active });
  const files = [{ name: 'node', group: 'network' as const, active: true }, ml('mlnode-308'), ml('inference'), ml('spare')];
  expect(startsAgain(files, ['inference', 'mlnode-308'])).toEqual(['mlnode-308', 'inference']);
  expect(startsAgain([ml('mlnode'), ml('inference'), ml('off', false)], ['inference', 'mlnode-308'])).toEqual(['mlnode', 'inference']);
  expect(() => startsAgain([ml('off', false)], ['mlnode-308'])).toThrow(expect.objectContaining({ code: 'exit_ml_files_gone' }));
});
