import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowHeights } from './row-heights.ts';

test('rows and positions agree with a plain list, through pushes, corrections and trims', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('push' as const), rows: fc.integer({ min: 1, max: 9 }), times: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ do: fc.constant('set' as const), at: fc.nat(), rows: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constant('trim' as const), by: fc.nat({ max: 900 }) }),
  );
  fc.assert(
    fc.property(fc.nat({ max: 3000 }), fc.array(step, { maxLength: 25 }), (first, steps) => {
      const heights = new RowHeights(first);
      let plain: number[] = [];
      let start = first;
      for (const each of steps) {
        if (each.do === 'push') for (let i = 0; i < each.times; i++) { heights.push(each.rows); plain.push(each.rows); }
        else if (each.do === 'set' && plain.length > 0) { const at = each.at % plain.length; heights.set(start + at, each.rows); plain[at] = each.rows; }
        else if (each.do === 'trim') { const by = Math.min(each.by, plain.length); plain = plain.slice(by); start += by; heights.trim(start); }
      }
      const total = plain.reduce((a, b) => a + b, 0);
      expect([heights.start, heights.end, heights.total]).toEqual([start, start + plain.length, total]);
      let row = 0;
      plain.forEach((rows, i) => {
        if (i % 97 === 0) {
          expect(heights.rowAt(start + i)).toBe(row);
          expect(heights.positionAt(row)).toBe(start + i);
          expect(heights.positionAt(row + rows - 1)).toBe(start + i);
        }
        row += rows;
      });
      expect(heights.positionAt(total)).toBe(heights.end);
    }),
  );
});
