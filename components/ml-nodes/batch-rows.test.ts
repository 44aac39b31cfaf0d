import { expect, it } from 'vitest';
import type { NodeConfigProblem } from '../node-config/node-config-data.ts';
import { badRows, batchOf } from './batch-rows.ts';
import type { MlNodesCheck } from './ml-nodes-data.ts';

const node = (id: string) => ({ id, host: 'h', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [], extra: [] });
const check = (ids: string[], problems: NodeConfigProblem[] = []): MlNodesCheck =>
  ({ nodes: ids.map((id) => ({ node: node(id), exists: false })), problems, sendable: !problems.some(({ level }) => level === 'broken'), commands: [], gate: { answer: 'yes' }, notes: [], unchecked: [] });
const broken = (at?: number, code = 'node_id_double'): NodeConfigProblem => ({ level: 'broken', code, params: {}, ...(at === undefined ? {} : { node: at, field: 'id' }) });

it('is sendable only when no row is bad', () => {
  expect(batchOf(check(['a', 'b']), new Set(), undefined)).toMatchObject({ sendable: true, kept: [{ id: 'a' }, { id: 'b' }] });
  const bad = batchOf(check(['a', 'b'], [broken(1)]), new Set(), undefined);
  expect([bad.sendable, badRows(bad.rows)]).toEqual([false, [1]]);
});

it('a row that is left out takes its problems with it, and the rest is judged by its own answer', () => {
  const whole = check(['a', 'a', 'c'], [broken(0), broken(1), broken(2, 'node_host')]);
  const waiting = batchOf(whole, new Set([0]), undefined);
  expect([waiting.sendable, badRows(waiting.rows)]).toEqual([false, [1, 2]]);
  const answered = batchOf(whole, new Set([0]), check(['a', 'c'], [broken(1, 'node_host')]));
  expect([answered.sendable, badRows(answered.rows)]).toEqual([false, [2]]);
  expect(answered.rows[0]).toMatchObject({ out: true, problems: [{ code: 'node_id_double' }] });
  const clean = batchOf(whole, new Set([0, 2]), check(['a']));
  expect([clean.sendable, clean.kept.map(({ id }) => id), badRows(clean.rows)]).toEqual([true, ['a'], []]);
});

it('a problem of the text as a whole is not mended by leaving rows out', () => {
  const whole = check(['a', 'b'], [broken(undefined, 'node_config_json')]);
  expect(batchOf(whole, new Set([1]), check(['a']))).toMatchObject({ sendable: false, loose: [{ code: 'node_config_json' }] });
});

it('nothing left to send is not sendable', () => {
  expect(batchOf(check(['a']), new Set([0]), undefined).sendable).toBe(false);
});
