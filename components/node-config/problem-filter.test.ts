import { expect, it } from 'vitest';
import type { NodeConfigProblem } from './node-config-data.ts';
import { countOf, isList, problemsAt, problemsOfFile } from './problem-filter.ts';

const problem = (code: string, more: Partial<NodeConfigProblem> = {}): NodeConfigProblem => ({ level: 'broken', code, params: {}, ...more });
const all = [
  problem('file'), problem('host', { node: 0, field: 'host' }), problem('models', { node: 0, field: 'models', level: 'attention' }),
  problem('model', { node: 0, field: 'models', model: 'm' }), problem('token', { node: 0, field: 'models', model: 'm', token: 2 }), problem('gone', { node: 3, field: 'id' }),
];
const codes = (list: NodeConfigProblem[]) => list.map(({ code }) => code);

it('each problem stands at its own place only', () => {
  expect(codes(problemsAt(all, { node: 0, field: 'host' }))).toEqual(['host']);
  expect(codes(problemsAt(all, { node: 0, field: 'models' }))).toEqual(['models']);
  expect(codes(problemsAt(all, { node: 0, field: 'models', model: 'm' }))).toEqual(['model']);
  expect(codes(problemsAt(all, { node: 0, field: 'models', model: 'm', token: 2 }))).toEqual(['token']);
  expect(codes(problemsAt(all, { node: 1, field: 'host' }))).toEqual([]);
});

it('what has no place in the form is said above it', () => {
  expect(codes(problemsOfFile(all, 1))).toEqual(['file', 'gone']);
  expect(countOf(all)).toEqual({ broken: 5, attention: 1 });
});

it('a text that is no list of nodes has no form', () => {
  expect(isList(all)).toBe(true);
  expect(isList([problem('node_config_json')])).toBe(false);
});
