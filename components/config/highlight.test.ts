import fc from 'fast-check';
import { expect, it } from 'vitest';
import { highlightLine } from './highlight.ts';

const say = (line: string) => highlightLine(line).map(({ kind, text }) => `${kind}:${text}`);

it('knows comments, names, values and tokens', () => {
  expect(say('# why')).toEqual(['comment:# why']);
  expect(say('export A=b # c')).toEqual(['keyword:export ', 'name:A', 'sign:=', 'value:b ', 'comment:# c']);
  expect(say('P=⟪secret 1⟫')).toEqual(['name:P', 'sign:=', 'secret:⟪secret 1⟫']);
  expect(say("A='x # y'")).toEqual(['name:A', 'sign:=', "value:'x # y'"]);
  expect(say('# old: ⟪secret 2⟫')).toEqual(['comment:# old: ', 'secret:⟪secret 2⟫']);
});

it('the pieces put together are the line again', () => {
  const line = fc.array(fc.constantFrom('export ', 'A', '=', '"', "'", '#', ' ', '\\', '⟪secret 1⟫', '$x', '\t')).map((parts) => parts.join(''));
  fc.assert(fc.property(fc.oneof(line, fc.string()), (text) => {
    expect(highlightLine(text).map((one) => one.text).join('')).toBe(text);
  }));
});
