import { expect, it } from 'vitest';
import { aRow } from './fixtures/rows.ts';
import { lineOf, linesOfNames, placedProblems, type PlacedProblem } from './problem-places.ts';

const problem = (code: string, params: PlacedProblem['params'], more: Partial<PlacedProblem> = {}): PlacedProblem => ({ level: 'broken', code, params, ...more });
const rows = [aRow({ name: 'A', line: 1 }), aRow({ name: 'B', line: 2, problems: [problem('own', { variable: 'B' })] })];

it('a check has the last word over what the rows brought', () => {
  expect(placedProblems(rows, [], undefined).of(rows[1]!)).toHaveLength(1);
  const checked = placedProblems(rows, [], { problems: [problem('x', { variable: 'A' }), problem('y', {}, { variable: 'A' }), problem('z', { variables: 'A, B' }), problem('file', {})], changed: [], diff: [] });
  expect(checked.of(rows[0]!).map((one) => one.code)).toEqual(['x', 'y', 'z']);
  expect(checked.of(rows[1]!).map((one) => one.code)).toEqual(['z']);
  expect(checked.rest.map((one) => one.code)).toEqual(['file']);
});
it('a line that stops bash is said at its own variable only', () => {
  const checked = placedProblems(rows, [], { problems: [problem('config_stops', { variables: 'A, B', line: 2 })], changed: [], diff: [] });
  expect([checked.of(rows[0]!).length, checked.of(rows[1]!).length]).toEqual([0, 1]);
});
it('a problem finds its line by number or by name', () => {
  const names = linesOfNames('# x\nexport A=1\nB=2\nexport A=3\n');
  expect([...names]).toEqual([['A', 4], ['B', 3]]);
  expect(lineOf(problem('x', { variable: 'B' }), names)).toBe(3);
  expect(lineOf(problem('x', { line: 7, variable: 'B' }), names)).toBe(7);
  expect(lineOf(problem('x', {}), names)).toBeUndefined();
});
