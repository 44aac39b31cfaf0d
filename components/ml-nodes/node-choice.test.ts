import { expect, it } from 'vitest';
import type { MlNodeView, MlNodeWish } from './ml-nodes-data.ts';
import { actionsOf, affected, canSend } from './node-choice.ts';
import { groupOf } from './node-group.ts';
import { wishGroups } from './wish-groups.ts';

const wish = (nodeId: string, state: MlNodeWish['state'], exitRuns = false): MlNodeWish => ({ nodeId, at: 1, by: 'ann', state, exitRuns });
const node = (id: string, enabled: boolean | undefined, wanted?: MlNodeWish) => ({ id, enabled, wanted }) as MlNodeView;

it('offers what changes something, and both answers where a node was enabled by hand', () => {
  expect(actionsOf(node('a', true))).toEqual(['ml-disable', 'ml-delete']);
  expect(actionsOf(node('a', false))).toEqual(['ml-enable', 'ml-delete']);
  expect(actionsOf(node('a', true, wish('a', 'by_hand')))).toEqual(['ml-disable', 'ml-enable', 'ml-delete']);
  expect(actionsOf(node('a', undefined))).toContain('ml-enable');
});

it('a running exit keeps its nodes disabled: enabling is not offered', () => {
  expect(actionsOf(node('a', false, wish('a', 'kept', true)))).toEqual(['ml-delete']);
  expect(wishGroups([wish('a', 'forgotten', true)])).toEqual([]);
});

it('of the chosen ones only those that it can be done to, in the order of the list', () => {
  const nodes = [node('b', true), node('a', true), node('c', false)];
  expect(affected(nodes, new Set(['a', 'b', 'c', 'gone']), 'ml-disable')).toEqual(['b', 'a']);
});

it('sends nothing to an admin side that takes nothing', () => {
  expect((['ok', 'unknown', 'down', 'wedged'] as const).map((state) => canSend({ admin: { state } }))).toEqual([true, true, false, false]);
});

it('what needs an answer stands first, what is kept is not said', () => {
  expect(wishGroups([wish('a', 'kept'), wish('b', 'forgotten'), wish('c', 'by_hand'), wish('d', 'forgotten')]).map(({ state, wishes }) => [state, wishes.length])).toEqual([['by_hand', 1], ['forgotten', 2]]);
});

it('what an exit that is over has left disabled is said, what a running one wants is not', () => {
  expect(wishGroups([{ ...wish('a', 'kept'), partOf: 'x' }, { ...wish('b', 'kept'), partOf: 'y', exitRuns: true }]).map(({ state, wishes }) => [state, wishes.map(({ nodeId }) => nodeId)])).toEqual([['left', ['a']]]);
});

it('a broken level is counted as broken, an unknown one as unknown, whatever the code', () => {
  for (const code of ['serving', 'disabled', 'changing'] as const) {
    expect(groupOf({ level: 'broken', code, params: {} })).toBe('broken');
    expect(groupOf({ level: 'unknown', code, params: {} })).toBe('unknown');
  }
  expect(groupOf({ level: 'ok', code: 'waits_for_poc', params: {} })).toBe('waiting');
});
