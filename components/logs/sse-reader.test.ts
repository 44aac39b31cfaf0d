import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SseMessage, sseReader } from './sse-reader.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const whole = (text: string): SseMessage[] => sseReader().push(bytes(text));

test('data, id, event, comments and several data lines', () => {
  expect(whole(': hello\n\nid: 7\ndata: [1]\n\nevent: note\ndata: a\ndata:b\n\ndata\n\nid\ndata: x\n\n')).toEqual([
    { event: 'message', data: '[1]', id: '7' },
    { event: 'note', data: 'a\nb', id: '7' },
    { event: 'message', data: '', id: '7' },
    { event: 'message', data: 'x', id: '' },
  ]);
});

test('a message without its blank line is not one', () => {
  expect(whole('data: half')).toEqual([]);
  expect(whole('data: half\n')).toEqual([]);
});

test('line ends LF, CR LF and CR, and a byte order mark, mean the same', () => {
  const expected = whole('id: 1\ndata: a\ndata: b\n\ndata: c\n\n');
  expect(whole('id: 1\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n')).toEqual(expected);
  expect(whole('\ufeffid: 1\rdata: a\rdata: b\r\rdata: c\r\r')).toEqual(expected);
});

test('the same messages for every way to split the bytes', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
    fc.constantFrom('', '', 'id: 12', 'id', ': ping', 'event: end', 'data', 'data:x', 'retry: 100', 'odd: field', 'data: 节点 \u{1F600}'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))), fc.array(fc.nat({ max: 4000 })), (lines, cuts) => {
      // One kind of line end directly behind another kind would be a different text when cut: "\r" + "\n" is one end.
      const text = `${lines.map(([each, end]) => each + end).join('')}\n\n`;
      const all = bytes(text);
      const reader = sseReader();
      const out: SseMessage[] = [];
      const places = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b);
      let from = 0;
      for (const place of [...places, all.length]) { out.push(...reader.push(all.subarray(from, place))); from = place; }
      expect(out).toEqual(whole(text));
    }),
    { numRuns: 500 },
  );
});

test('a large message in small pieces takes time in proportion', () => {
  const reader = sseReader();
  const all = bytes(`data: ${'x'.repeat(2_000_000)}\n\n`);
  const started = performance.now();
  let got: SseMessage[] = [];
  for (let at = 0; at < all.length; at += 1024) got = got.concat(reader.push(all.subarray(at, at + 1024)));
  expect(got[0]?.data.length).toBe(2_000_000);
  expect(performance.now() - started).toBeLessThan(3000);
});
