import { expect, it } from 'vitest';
import { pastedTokens, replacedAt, splitToken } from './argument-tokens.ts';

it.each([
  ['--tensor-parallel-size=4', ['--tensor-parallel-size', '4']],
  ['--max-model-len 240000', ['--max-model-len', '240000']],
  ['-tp', ['--tensor-parallel-size']],
  ['--pp=2', ['--pipeline-parallel-size', '2']],
  ['--x=', ['--x']],
  ['--json={"a": 1, "b=c": 2}', ['--json', '{"a": 1, "b=c": 2}']],
])('%s is split', (token, tokens) => expect(splitToken(token)).toEqual(tokens));

it.each(['--tensor-parallel-size', '4', '-1', '0.9', 'fp8', '', 'a=b'])('%s stays', (token) => expect(splitToken(token)).toBeUndefined());

it('a pasted line, as from a shell or out of a JSON list', () => {
  expect(pastedTokens('--a 4  --b "x y"')).toEqual(['--a', '4', '--b', 'x y']);
  expect(pastedTokens('"--tensor-parallel-size", "4",\n"--kv-cache-dtype",\n"fp8"')).toEqual(['--tensor-parallel-size', '4', '--kv-cache-dtype', 'fp8']);
  expect(pastedTokens('["--a"]')).toEqual(['--a']);
  expect(pastedTokens('  ')).toEqual([]);
});

it('an element is replaced by several, or by none', () => {
  expect(replacedAt(['a', 'b', 'c'], 1, ['x', 'y'])).toEqual(['a', 'x', 'y', 'c']);
  expect(replacedAt(['a', 'b'], 0, [])).toEqual(['b']);
});
