import type { StateWord } from '../ui/state.tsx';
import type { MlNodesNow, MlNodeView } from './ml-nodes-data.ts';
import { countGroups, groupOf } from './node-group.ts';

export type Sentence = { key: string; params: Record<string, string | number>; state: StateWord };

/** Cards of the nodes; 0 where one of them hasn't said its own. */
function cardsOf(nodes: readonly MlNodeView[]): number {
  const counts = nodes.map(({ hardware }) => hardware.reduce((sum, { count }) => sum + count, 0));
  return counts.includes(0) ? 0 : counts.reduce((sum, count) => sum + count, 0);
}

/** Which GPUs work, and on what: a key under mlNodes.head. An old list says what was. */
export function worksSentence({ list, admin }: Pick<MlNodesNow, 'list' | 'admin'>): Sentence {
  if (admin.state === 'wedged') return { key: 'wedged', params: {}, state: 'broken' };
  if (!list.value) return { key: admin.state === 'down' ? 'down' : 'unknown', params: {}, state: 'unknown' };
  if (list.state !== 'ok') return { key: 'stale', params: { all: list.value.length, works: countGroups(list.value).working }, state: 'unknown' };
  const all = list.value.length;
  if (all === 0) return { key: 'none', params: {}, state: 'attention' };
  const counts = countGroups(list.value);
  const at = list.value.filter(({ condition }) => groupOf(condition) === 'working');
  const models = [...new Set(at.flatMap(({ models }) => (models.some(({ inEpoch }) => inEpoch) ? models.filter(({ inEpoch }) => inEpoch) : models).map(({ id }) => id)))];
  const params = { all, works: counts.working, bad: counts.broken, waits: counts.waiting, off: counts.off, unknown: counts.unknown, cards: cardsOf(at), models: models.length, model: models[0] ?? '' };
  if (counts.broken > 0) return { key: 'broken', params, state: 'broken' };
  if (counts.working === all) return { key: 'all', params, state: 'ok' };
  if (counts.unknown === all) return { key: 'unseen', params, state: 'unknown' };
  if (counts.working > 0) return { key: 'some', params, state: counts.unknown > 0 ? 'unknown' : 'ok' };
  return { key: counts.off === all ? 'off' : 'nobody', params, state: counts.unknown > 0 ? 'unknown' : 'attention' };
}

/**
 * Whether they may be stopped: a key under mlNodes.stop. Never yes: the api's list keeps an old epoch's shares for a while
 * (measured 25), so what it says is a reason against, and the proof is the safe exit's.
 */
export function stopSentence({ list, clock }: Pick<MlNodesNow, 'list' | 'clock'>): Sentence | undefined {
  const nodes = list.value;
  if (nodes?.length === 0 && list.state === 'ok') return undefined;
  if (!nodes || list.state !== 'ok') return { key: 'unknown', params: {}, state: 'unknown' };
  const counted = nodes.filter(({ weight }) => (weight ?? 0) > 0).length;
  const epoch = clock.value?.epoch ?? 0;
  if (counted > 0) return { key: 'counted', params: { counted, all: nodes.length, epoch }, state: 'attention' };
  if (nodes.some(({ weight }) => weight === undefined) || clock.state !== 'ok') return { key: 'unknown', params: {}, state: 'unknown' };
  const enabled = nodes.filter((node) => node.enabled !== false).length;
  return enabled > 0 ? { key: 'next', params: { enabled, all: nodes.length }, state: 'attention' } : { key: 'prove', params: { epoch }, state: 'working' };
}
