import fc from 'fast-check';
import { expect, it } from 'vitest';
import { argumentValue, mergedArguments, modelArguments } from './model-arguments.ts';

it('flags with their values; -1 is a value', () => {
  expect(modelArguments(['x', '--a', '--b', '1', '2', '-tp', '4', '--n', '-1'])).toEqual([
    { flag: '', values: ['x'], at: 0 }, { flag: '--a', values: [], at: 1 }, { flag: '--b', values: ['1', '2'], at: 2 }, { flag: '-tp', values: ['4'], at: 5 }, { flag: '--n', values: ['-1'], at: 7 },
  ]);
  expect(argumentValue(['--a', '1', '--b'], '--a')).toBe('1');
  expect(argumentValue(['--a', '1', '--b'], '--b')).toBeUndefined();
});

it('governance wins, whole with its value; what is only local follows', () => {
  const { tokens, dropped } = mergedArguments(['--quantization', 'fp8'], ['--quantization', 'awq', '--tensor-parallel-size', '4']);
  expect(tokens).toEqual(['--quantization', 'fp8', '--tensor-parallel-size', '4']);
  expect(dropped).toEqual([{ flag: '--quantization', values: ['awq'], at: 0 }]);
});

it('no token is lost or made: merged and dropped are all of them', () => {
  const tokens = fc.array(fc.constantFrom('--a', '--b', '--c', '-x', '1', 'v', '-2'));
  fc.assert(fc.property(tokens, tokens, (governance, local) => {
    const merged = mergedArguments(governance, local);
    const lost = merged.dropped.flatMap(({ flag, values }) => [flag, ...values]);
    expect([...merged.tokens.slice(governance.length), ...lost].sort()).toEqual([...local].sort());
    expect(merged.tokens.slice(0, governance.length)).toEqual(governance);
  }));
});
