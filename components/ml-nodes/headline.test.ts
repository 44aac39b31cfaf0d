import { expect, it } from 'vitest';
import { stopSentence, worksSentence } from './headline.ts';
import type { MlClock, MlNodesNow, MlNodeView, NodeCondition } from './ml-nodes-data.ts';

type Now = Pick<MlNodesNow, 'list' | 'admin' | 'clock'>;
const node = (code: NodeCondition['code'], level: NodeCondition['level'], more: Partial<MlNodeView> = {}): MlNodeView =>
  ({ id: 'n', condition: { code, level, params: {} }, hardware: [{ type: 'H100', count: 8 }], models: [{ id: 'm', args: [], overridden: [], inEpoch: true }], weight: 40, enabled: true, ...more }) as MlNodeView;
const clock = { state: 'ok' as const, value: { epoch: 56 } as MlClock, at: 1 };
const now = (nodes: MlNodeView[] | undefined, more: Partial<Now> = {}): Now => ({ list: { state: nodes ? 'ok' : 'unknown', value: nodes, at: 1 }, admin: { state: 'ok' }, clock, ...more });

it('says which GPUs work and on what', () => {
  expect(worksSentence(now([node('serving', 'ok'), node('in_poc', 'working')]))).toMatchObject({ key: 'all', state: 'ok', params: { all: 2, cards: 16, models: 1, model: 'm' } });
  expect(worksSentence(now([node('serving', 'ok'), node('waits_for_poc', 'ok')]))).toMatchObject({ key: 'some', state: 'ok', params: { works: 1, waits: 1 } });
});

it('counts no cards where a node has not said its own', () => {
  expect(worksSentence(now([node('serving', 'ok'), node('serving', 'ok', { hardware: [] })])).params.cards).toBe(0);
});

it('is red for one broken node, whatever the others do, and for a wedge whatever the list says', () => {
  expect(worksSentence(now([node('serving', 'ok'), node('silent', 'broken')]))).toMatchObject({ key: 'broken', state: 'broken', params: { bad: 1 } });
  expect(worksSentence(now([node('serving', 'ok')], { admin: { state: 'wedged' } }))).toMatchObject({ key: 'wedged', state: 'broken' });
});

it('an old list is never said as what is', () => {
  expect(worksSentence(now([node('serving', 'ok')], { list: { state: 'stale', value: [node('serving', 'ok')], at: 1 } }))).toMatchObject({ key: 'stale', state: 'unknown' });
  expect(worksSentence(now(undefined, { admin: { state: 'down' } }))).toMatchObject({ key: 'down', state: 'unknown' });
});

it('waiting for the next PoC is not broken, and nothing at work is not fine', () => {
  expect(worksSentence(now([node('waits_for_poc', 'ok')]))).toMatchObject({ key: 'nobody', state: 'attention' });
  expect(worksSentence(now([node('disabled', 'ok')]))).toMatchObject({ key: 'off', state: 'attention' });
  expect(worksSentence(now([]))).toMatchObject({ key: 'none', state: 'attention' });
});

it('speaks against a stop as long as one node has weight, disabled or not', () => {
  expect(stopSentence(now([node('disabled', 'ok', { enabled: false, weight: 40 }), node('disabled', 'ok', { enabled: false, weight: 0 })]))).toMatchObject({ key: 'counted', params: { counted: 1, epoch: 56 } });
});

it('never says that a stop is free: without weight it points to the proof, enabled to the next PoC', () => {
  expect(stopSentence(now([node('disabled', 'ok', { enabled: false, weight: 0 })]))).toMatchObject({ key: 'prove' });
  expect(stopSentence(now([node('waits_for_poc', 'ok', { weight: 0 })]))).toMatchObject({ key: 'next', params: { enabled: 1 } });
  for (const state of ['stale', 'unknown'] as const) expect(stopSentence(now([node('disabled', 'ok', { enabled: false, weight: 0 })], { clock: { ...clock, state } }))).toMatchObject({ key: 'unknown' });
  expect(stopSentence(now([node('disabled', 'ok', { enabled: false, weight: undefined })]))).toMatchObject({ key: 'unknown' });
  expect(stopSentence(now(undefined))).toMatchObject({ key: 'unknown' });
});
