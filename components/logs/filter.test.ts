import { expect, test } from 'vitest';
import { compileQuery, parseQuery } from './filter.ts';

test('text or /regex/', () => {
  expect(parseQuery('  ')).toEqual({ kind: 'none' });
  expect(parseQuery('a.b')).toEqual({ kind: 'text', text: 'a.b' });
  expect(parseQuery('/a.b/i')).toEqual({ kind: 'regex', source: 'a.b', ignoreCase: true });
  expect(parseQuery('/v1/epochs')).toEqual({ kind: 'text', text: '/v1/epochs' });
  expect(parseQuery('//')).toEqual({ kind: 'text', text: '//' });
});

test('text matches in any case and literally', async () => {
  const { matcher } = await compileQuery(parseQuery('Block(1)'));
  expect(matcher?.test('xx block(1) yy')).toBe(true);
  expect(matcher?.test('block1')).toBe(false);
  expect(matcher?.find('BLOCK(1) block(1)', 10)).toEqual([[0, 8], [9, 17]]);
});

test('a pattern finds, and an empty match marks nothing', async () => {
  const { matcher } = await compileQuery(parseQuery('/height=\\d+/'));
  expect(matcher?.find('a height=12 height=3', 10)).toEqual([[2, 11], [12, 20]]);
  const empty = await compileQuery(parseQuery('/x*/'));
  expect(empty.matcher?.test('abc')).toBe(true);
  expect(empty.matcher?.find('abc', 10)).toEqual([]);
});

test('a bad pattern is said, not thrown', async () => {
  expect((await compileQuery(parseQuery('/a(b/'))).problem).toMatch(/missing closing/);
  expect((await compileQuery(parseQuery('/(?<=a)b\\1/'))).problem).toBeTruthy();
});

test('no pattern is catastrophic', async () => {
  const { matcher } = await compileQuery(parseQuery('/(a+)+$/'));
  const started = performance.now();
  expect(matcher?.test(`${'a'.repeat(5000)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
