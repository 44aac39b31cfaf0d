import { expect, test } from 'vitest';
import { FilteredView } from './filtered-view.ts';
import { LineBuffer } from './line-buffer.ts';
import { MOST_ROWS, PaneLayout } from './pane-layout.ts';

function made(lines: number, length = (i: number) => i % 50) {
  const buffer = new LineBuffer();
  const add = (count: number) => { for (let i = 0; i < count; i++) buffer.add({ service: 'a', stream: 'stdout', time: '2026-11-23T14:00:00.000000000Z', line: 'x'.repeat(length(i)) }); };
  add(lines);
  const view = new FilteredView(buffer);
  view.advance(Number.POSITIVE_INFINITY);
  return { buffer, view, add };
}

test('without wrapping a line is a row; old lines that go are told', () => {
  const source = made(10_000);
  const layout = new PaneLayout(source);
  layout.layOut(undefined);
  expect([layout.totalRows, layout.rowAt(77), layout.positionAt(77)]).toEqual([10_000, 77, 77]);
  source.buffer.trim({ lines: 5000, characters: 1e9 });
  source.view.advance(0);
  const gone = layout.takeOver(false);
  expect(gone).toBe(source.view.start);
  expect(layout.rowAt(9000)).toBe(9000 - (gone as number));
});

test('wrapped: guesses, corrections, new lines', () => {
  const source = made(1000);
  const layout = new PaneLayout(source);
  layout.layOut({ columns: 10, extra: 1 });
  const rows = (i: number) => Math.max(1, Math.ceil((i % 50) / 10)) + 1;
  expect(layout.rowAt(50)).toBe(Array.from({ length: 50 }, (_, i) => rows(i)).reduce((a, b) => a + b));
  const before = layout.rowAt(60);
  expect(layout.correct(55, 9)).toBe(9 - rows(5));
  expect(layout.rowAt(60)).toBe(before + 9 - rows(5));
  source.add(10);
  source.view.advance(0);
  expect(layout.takeOver(true)).toBe(0);
  expect(layout.end).toBe(1010);
});

test('no more rows than a browser can scroll, the newest first', () => {
  const source = made(20_000, () => 1000);
  const layout = new PaneLayout(source);
  layout.layOut({ columns: 10, extra: 0 });
  expect(layout.totalRows).toBeLessThanOrEqual(MOST_ROWS);
  expect(layout.end).toBe(20_000);
  expect(layout.unreachable).toBeGreaterThan(0);
});

test('another filter lays out anew', () => {
  const source = made(100);
  const layout = new PaneLayout(source);
  layout.layOut(undefined);
  source.view.setRule({ test: (text) => text.length > 40 });
  source.view.advance(Number.POSITIVE_INFINITY);
  expect(layout.takeOver(true)).toBeUndefined();
  expect(layout.totalRows).toBe(source.view.size);
});
