import { expect, it } from 'vitest';
import { argumentRows } from './argument-rows.ts';

it('a flag and its values are one row', () => {
  const of = (reason: string, ...tokens: string[]) => tokens.map((token) => ({ token, reason }));
  expect(argumentRows([...of('a', '--a', '1', '2'), ...of('b', '--b'), ...of('c', '--c', '-1')])).toEqual([
    { tokens: ['--a', '1', '2'], reason: 'a' }, { tokens: ['--b'], reason: 'b' }, { tokens: ['--c', '-1'], reason: 'c' },
  ]);
  expect(argumentRows([])).toEqual([]);
});
