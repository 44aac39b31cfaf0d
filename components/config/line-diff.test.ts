import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffLines, foldedDiff } from './line-diff.ts';

const side = (diff: ReturnType<typeof diffLines>, without: 'added' | 'removed') => diff.filter((line) => line.kind !== without).map((line) => line.text).join('\n');
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'export A=1', ''), { maxLength: 30 }).map((lines) => lines.join('\n'));

it('both texts can be put together from the difference, with right line numbers', () => {
  fc.assert(fc.property(text, text, (from, to) => {
    const diff = diffLines(from, to);
    expect(side(diff, 'added')).toBe(from);
    expect(side(diff, 'removed')).toBe(to);
    for (const line of diff) expect((line.kind === 'added' ? to : from).split('\n')[line.line - 1]).toBe(line.text);
    expect(foldedDiff(diff).flatMap((part) => part.lines)).toEqual(diff);
  }));
});

it('shows one changed line as one removed and one added', () => {
  expect(diffLines('a\nb\nc', 'a\nx\nc').filter((line) => line.kind !== 'same')).toEqual([{ kind: 'removed', line: 2, text: 'b' }, { kind: 'added', line: 2, text: 'x' }]);
});

it('folds what is far from a change', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
  const parts = foldedDiff(diffLines(lines.join('\n'), lines.with(20, 'other').join('\n')));
  expect(parts.map((part) => `${part.kind} ${part.lines.length}`)).toEqual(['fold 18', 'lines 6', 'fold 17']);
  expect(foldedDiff(diffLines('a\nb', 'a\nb'))).toHaveLength(1);
});

it('two texts of 1500 lines without a common one are compared within a second', () => {
  const started = performance.now();
  const diff = diffLines(Array.from({ length: 1500 }, (_, i) => `a${i}`).join('\n'), Array.from({ length: 1500 }, (_, i) => `b${i}`).join('\n'));
  expect(diff).toHaveLength(3000);
  expect(performance.now() - started).toBeLessThan(1000);
});
