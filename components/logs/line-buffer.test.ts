import { expect, test } from 'vitest';
import { FilteredView } from './filtered-view.ts';
import { levelNumber } from './level.ts';
import { LineBuffer, type LogLine } from './line-buffer.ts';

const line = (i: number, text = `line ${i}`, service = i % 2 ? 'api' : 'node'): LogLine => ({ service, stream: 'stdout', time: `2026-11-23T14:00:${String(Math.floor(i / 1000) % 60).padStart(2, '0')}.${String(i % 1000).padStart(3, '0')}456789Z`, line: text });

test('keeps numbers, times to the microsecond, services', () => {
  const buffer = new LineBuffer();
  for (let i = 0; i < 10_000; i++) buffer.add(line(i));
  expect(buffer.line(9_999)).toMatchObject({ seq: 9_999, service: 'api', text: 'line 9999', stream: 'stdout' });
  expect(buffer.time(7)).toBe(Date.parse('2026-11-23T14:00:00.007Z') * 1000 + 456);
});

test('never beyond its limits, and counts what went', () => {
  const buffer = new LineBuffer();
  const limits = { lines: 10_000, characters: 1e9 };
  for (let i = 0; i < 50_000; i++) { buffer.add(line(i, i % 10 ? `x ${i}` : `1:22PM ERR x ${i}`)); buffer.trim(limits); }
  expect(buffer.size).toBeLessThanOrEqual(10_000);
  expect(buffer.size).toBeGreaterThan(5000);
  expect(buffer.dropped).toBe(buffer.start);
  expect(buffer.end).toBe(50_000);
  expect(buffer.text(buffer.start)).toContain(String(buffer.start));
  expect([...buffer.counts].reduce((a, b) => a + b)).toBe(buffer.size);
  expect(buffer.counts[0]).toBe(Math.round(buffer.size / 10));
});

test('few long lines fill it as well as many short ones', () => {
  const buffer = new LineBuffer();
  for (let i = 0; i < 20_000; i++) { buffer.add(line(i, 'y'.repeat(1000))); buffer.trim({ lines: 1e6, characters: 8_000_000 }); }
  expect(buffer.size).toBeLessThan(13_000);
});

test('lines without a level follow the one before of the same service, when they look like it', () => {
  const buffer = new LineBuffer();
  for (const [i, text] of ['2026/11/23 13:42:28 ERROR boom', '  at x', '}', 'Loaded', '  more'].entries()) buffer.add(line(i, text, 'api'));
  expect([0, 1, 2, 3, 4].map((seq) => buffer.marks(seq).level)).toEqual([levelNumber.error, levelNumber.error, levelNumber.error, levelNumber.none, levelNumber.none]);
});

test('the view follows, filters, and forgets with the buffer', () => {
  const buffer = new LineBuffer();
  const view = new FilteredView(buffer);
  const limits = { lines: 8192, characters: 1e9 };
  for (let i = 0; i < 5000; i++) buffer.add(line(i));
  view.advance(Number.POSITIVE_INFINITY);
  expect([view.start, view.end]).toEqual([0, 5000]);
  view.setRule({ services: new Set(['api']), test: (text) => text.endsWith('5') });
  view.advance(Number.POSITIVE_INFINITY);
  expect(view.size).toBe(500);
  expect(view.seqAt(view.positionOf(15))).toBe(15);
  expect(view.seqAt(view.positionOf(16))).toBe(25);
  for (let i = 5000; i < 40_000; i++) { buffer.add(line(i)); if (i % 1000 === 0) { buffer.trim(limits); view.advance(Number.POSITIVE_INFINITY); } }
  buffer.trim(limits);
  view.advance(Number.POSITIVE_INFINITY);
  for (let position = view.start; position < view.end; position++) expect(buffer.text(view.seqAt(position)).endsWith('5')).toBe(true);
  expect(view.end).toBe(4000);
  expect(view.seqAt(view.start)).toBeGreaterThanOrEqual(buffer.start);
});

test('events are shown under any level and text, but not of hidden services', () => {
  const buffer = new LineBuffer();
  buffer.add(line(0));
  buffer.add({ service: 'node', stream: 'event', time: '2026-11-23T14:00:01.000000000Z', line: 'x', event: { code: 'start' } });
  const view = new FilteredView(buffer);
  view.setRule({ test: () => false });
  view.advance(Number.POSITIVE_INFINITY);
  expect([view.size, view.events]).toEqual([1, 1]);
  view.setRule({ services: new Set(['api']) });
  view.advance(Number.POSITIVE_INFINITY);
  expect(view.size).toBe(0);
});

test('work is cut into slices', () => {
  const buffer = new LineBuffer();
  for (let i = 0; i < 20_000; i++) buffer.add(line(i));
  const view = new FilteredView(buffer);
  view.setRule({ test: (text) => text.length > 3 });
  expect(view.advance(performance.now())).toBe(false);
  let slices = 1;
  while (!view.advance(performance.now() + 1)) slices++;
  expect(slices).toBeGreaterThan(0);
  expect(view.size).toBe(20_000);
});
