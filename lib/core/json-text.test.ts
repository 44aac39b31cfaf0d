import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patchJsonText } from './json-text.ts';

const plain = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const spaced = fc.constantFrom<(value: unknown) => string>(
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, undefined, 2),
  (value) => `\r\n${JSON.stringify(value, undefined, '\t').replaceAll('\n', '\r\n')}`,
  (value) => JSON.stringify(value, undefined, 1).replace(/\n */g, ' '),
);

it('a text patched with its own value is the same text, with any other value means that value', () => {
  fc.assert(fc.property(plain, plain, spaced, (before, after, write) => {
    const text = write(before);
    expect(patchJsonText(text, JSON.parse(text))).toBe(text);
    expect(JSON.parse(patchJsonText(text, after))).toEqual(after);
  }), { numRuns: 2_000 });
});

it('changes of a list at either end, and of single members, mean what they should', () => {
  const list = fc.array(fc.record({ id: fc.nat(9), a: fc.option(plain), 'b"\\': fc.string() }, { requiredKeys: ['id'] }), { maxLength: 6 });
  fc.assert(fc.property(list, list, spaced, fc.nat(6), (before, other, write, cut) => {
    const after = [...before.slice(0, cut), ...other.slice(0, 2), ...before.slice(cut + 1)];
    const text = write(before);
    expect(JSON.parse(patchJsonText(text, JSON.parse(JSON.stringify(after))))).toEqual(JSON.parse(JSON.stringify(after)));
  }), { numRuns: 2_000 });
});

it('bytes outside the changed value stay, two tokens a line too', () => {
  const text = '[\n  {\n    "id": "a",  "n": 1e3,\n    "args": [\n      "--tp", "4",\n      "--x"\n    ]\n  }\n]';
  expect(patchJsonText(text, [{ id: 'a', n: 1000, args: ['--tp', '8', '--x'] }])).toBe(text.replace('"4"', '"8"'));
  expect(patchJsonText(text, [{ id: 'a', n: 1000, args: ['--tp', '4', '--x', '--y'] }])).toBe(text.replace('"--x"', '"--x",\n      "--y"'));
  expect(patchJsonText(text, [{ id: 'a', args: ['--tp', '4', '--x'] }])).toBe(text.replace('  "n": 1e3,\n    ', '\n    '));
  expect(patchJsonText(text, [{ id: 'a', n: 1000, args: ['--tp', '4', '--x'], z: { k: [1] } }])).toBe(text.replace('    ]\n  }', '    ],\n    "z": {\n      "k": [\n        1\n      ]\n    }\n  }'));
});

it('duplicate keys are not guessed at: the object is written anew when it changes', () => {
  expect(patchJsonText('{"a":1,"a":2}', { a: 2 })).toBe('{"a":1,"a":2}');
  expect(JSON.parse(patchJsonText('{"a":1,"a":2}', { a: 3 }))).toEqual({ a: 3 });
});

it('what is no JSON is written anew', () => {
  expect(patchJsonText('', [])).toBe('[]\n');
  expect(patchJsonText('[', [1])).toBe('[\n  1\n]\n');
});
