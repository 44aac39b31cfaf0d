import { expect, it } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { type ExitParams, readMemo } from './schema.ts';
import { exitView } from './view.ts';

const step = (name: string, state: string) => ({ name, state, position: 0 });
const operation = (kind: string, params: ExitParams, steps: object[], state = 'running') => ({ id: 'x', kind, params, state, steps, startedBy: 'ann' }) as unknown as OperationView;
const way = ['exit-note', 'exit-disable', 'exit-set', 'exit-duty', 'exit-claim', 'exit-proof', 'remove-ml', 'verify-ml-removed', 'down', 'verify-down', 'exit-stopped'];
/** Everything before `at` is done, the rest is open. */
const upTo = (at: string, names = way) => names.map((name, i) => step(name, i < names.indexOf(at) ? 'done' : i === names.indexOf(at) ? 'running' : 'pending'));
const stages = (view: ReturnType<typeof exitView>) => view.stages.map(({ stage, state }) => `${stage} ${state}`);

it('an exit of the ML nodes showed the network node as stopped, though it runs on', () => {
  const paused = upTo('exit-pause', [...way, 'exit-pause', 'exit-release', 'exit-healthy', 'exit-enable', 'exit-back']);
  expect(stages(exitView(operation('maintenance', { scope: 'ml-nodes' }, paused), readMemo({})))).toEqual(['note done', 'disable done', 'set done', 'duty done', 'claim done', 'proof done', 'remove done', 'pause now', 'start open', 'healthy open', 'enable open', 'back open', 'report open']);
  // Its step is passed over in a moment; meanwhile the next stage stands for it.
  expect(exitView(operation('maintenance', { scope: 'ml-nodes' }, upTo('down', [...way, 'exit-pause'])), readMemo({})).stage).toBe('pause');
  expect(exitView(operation('safe-exit', { scope: 'ml-node', node: 'node1' }, upTo('exit-claim')), readMemo({})).stage).toBe('proof');
});

it('a whole host is stopped with its network node, and is done when every step is', () => {
  const host = { scope: 'host' } as const;
  expect(stages(exitView(operation('safe-exit', host, upTo('down')), readMemo({}))).slice(-3)).toEqual(['remove done', 'down now', 'report open']);
  expect(exitView(operation('safe-exit', host, way.map((name) => step(name, 'done')), 'succeeded'), readMemo({})).stages.every(({ state }) => state === 'done')).toBe(true);
});

it('a cancel is said to keep everything only while no container was removed', () => {
  const at = (scope: 'host' | 'ml-nodes', memo: object) => exitView(operation('maintenance', { scope }, upTo('exit-stopped')), readMemo(memo)).takenDown;
  expect([at('ml-nodes', { takeDownAt: 1 }), at('ml-nodes', { tookDown: ['inference'] }), at('ml-nodes', { stoppedAt: 1 }), at('host', { stoppedAt: 1 })]).toEqual([false, true, false, true]);
});

it('"may stop now: yes" stood into the next PoC while what failed was tried again', () => {
  const stands = (age: number, waits?: object) => exitView(operation('maintenance', { scope: 'host' }, upTo('down')), readMemo({ proven: { epoch: 57, height: 890_000, at: clock.now() - age, witnesses: [] }, seen: { at: clock.now(), unknown: [], witnesses: [], ...(waits ? { waits } : {}) } })).proofStands;
  expect([stands(0), stands(60_000), stands(3 * 60_000), stands(0, { code: 'poc', params: {} })]).toEqual([true, true, false, false]);
});
