import { expect, it } from 'vitest';
import { headline } from './exit-headline.ts';
import { exitMarks } from './exit-marks.ts';
import type { ExitView } from './leave-data.ts';

const clock: ExitView['clock'] = { epoch: 56, latestEpoch: 56, phase: 'Inference', height: 1000, at: 0, source: 'node2', nextPocStart: 1060, setNewValidators: 1022 };
const running = { kind: 'safe-exit', params: { scope: 'host' }, state: 'running', stage: 'set', mayResume: false, clock, proofStands: false } as const;

it('the headline says "out" only where the set is known, and that nothing is known where it is not', () => {
  expect(headline({ ...running, cost: { known: true, inSet: true } })).toBe('leavingAfter');
  expect(headline({ ...running, cost: { known: true, inSet: false } })).toBe('out');
  expect(headline({ ...running, cost: { known: false, inSet: false } })).toBe('leaving');
  expect(headline({ ...running, clock: undefined, cost: { known: true, inSet: false } })).toBe('leaving');
  expect(headline(running)).toBe('leaving');
});

it('the head said "proven to be out: stopping" above a card that said "not proven"', () => {
  for (const stage of ['remove', 'down'] as const) {
    expect(headline({ ...running, stage, proofStands: true, cost: { known: true, inSet: false } })).toBe('stopping');
    expect(headline({ ...running, stage, cost: { known: true, inSet: false } })).toBe('out');
    expect(headline({ ...running, stage, cost: { known: true, inSet: true } })).toBe('leavingAfter');
    expect(headline({ ...running, stage, params: { scope: 'ml-nodes' }, cost: { known: true, inSet: false } })).toBe('leavingNodes');
  }
  expect(headline({ ...running, stage: 'report', stoppedAt: 5 })).toBe('stopping');
});

it('an exit that was cut off is never said to have left', () => {
  for (const state of ['failed', 'interrupted'] as const) expect(headline({ ...running, state, stoppedAt: 5 })).toBe('failed');
  expect(headline({ ...running, state: 'cancelled', undone: { code: 'exit_undone', params: { nodes: 'node1' } } })).toBe('cancelled');
  expect(headline({ ...running, state: 'succeeded' })).toBe('leftHost');
  expect(headline({ ...running, kind: 'maintenance', state: 'succeeded', back: { epoch: 58, weight: 40, at: 0, source: 'node2' } })).toBe('back');
});

it('a cancel that could not keep the host in said "this host stays in"', () => {
  for (const code of ['exit_undone_stopped', 'exit_undone_api_down', 'exit_not_undone']) expect(headline({ ...running, state: 'cancelled', stoppedAt: 5, undone: { code, params: {} } })).toBe('ended');
  expect(headline({ ...running, state: 'cancelled' })).toBe('ended');
});

it('the ribbon has the block of the disable from the measured pace, and the block with which the host can be out', () => {
  const epochs = { height: 1000, at: 500_000, secondsPerBlock: 5 } as Parameters<typeof exitMarks>[1];
  const words = { disabled: 'disabled', out: 'out' };
  const nodes = [{ id: 'node1', disabledAt: 450_000, ours: true, forgotten: 0, removed: false }, { id: 'node2', disabledAt: 460_000, ours: false, forgotten: 0, removed: false }];
  const waits = { code: 'set', params: {}, block: 1082 };
  expect(exitMarks({ nodes, waits, stoppedAt: undefined }, epochs, words)).toEqual([{ block: 990, label: 'disabled' }, { block: 1082, label: 'out' }]);
  // A block that is past is no forecast any more.
  expect(exitMarks({ nodes: [], waits: { ...waits, block: 990 }, stoppedAt: undefined }, epochs, words)).toEqual([]);
  // Without a measured pace nobody knows the block; what waits for a claim says nothing about being out.
  expect(exitMarks({ nodes, waits: { ...waits, code: 'claim' }, stoppedAt: undefined }, { ...epochs, secondsPerBlock: undefined }, words)).toEqual([]);
});
