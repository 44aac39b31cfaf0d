import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeAxis, placeStretches, stretchesOf, widthsOf, xOf } from './ribbon-layout.ts';

const measure = (text: string) => text.length * 7;
const words = () => ['A rather long label for it', 'Label'];
const stages = (epoch: number, pocStart: number, length = 15391) => ({
  epoch, pocStart, pocGenerationWindDown: pocStart + 48, pocGenerationEnd: pocStart + 60, pocValidationStart: pocStart + 65, pocValidationWindDown: pocStart + 161,
  pocValidationEnd: pocStart + 185, setNewValidators: pocStart + 305, claimMoney: pocStart + 306, inferenceValidationCutoff: pocStart + length - 80, nextPocStart: pocStart + length,
});
const clock = (height: number) => ({ height, epoch: height < 873556 ? 55 : 56, stages: stages(56, 873251), next: stages(57, 888642) });

describe('stretchesOf', () => {
  it('runs from the set in force to the end of the next epoch', () => {
    const { list, startEstimated } = stretchesOf(clock(887711));
    expect(list.map((s) => [s.id, s.epoch])).toEqual([['serve', 56], ['gen', 57], ['gap', 57], ['val', 57], ['set', 57], ['next', 57]]);
    expect(list[0]?.from).toBe(873556);
    expect(startEstimated).toBe(false);
  });
  it('during a PoC it still shows the epoch that serves', () => {
    const { list, startEstimated } = stretchesOf(clock(873300));
    expect(list.map((s) => s.epoch)).toEqual([55, 56, 56, 56, 56, 56]);
    expect(startEstimated).toBe(true);
    expect(list[0]?.from).toBeLessThan(873251);
  });
  it('leaves empty stages out', () => {
    const flat = { ...stages(57, 888642), pocGenerationEnd: 888702, pocValidationStart: 888702 };
    expect(stretchesOf({ ...clock(887711), next: flat }).list.some((s) => s.kind === 'gap')).toBe(false);
  });
});

describe('places', () => {
  it('fills the width exactly and never draws a stage narrower than can be seen', () => {
    const { list } = stretchesOf(clock(887711));
    const widths = widthsOf(list, 600, () => 20);
    expect(widths.reduce((a, b) => a + b)).toBeCloseTo(600);
    expect(Math.min(...widths)).toBe(20);
  });
  it('keeps every label whole, inside its stretch, and off the now line, at any width and height', () => {
    fc.assert(fc.property(fc.integer({ min: 320, max: 2400 }), fc.integer({ min: 873251, max: 888641 }), (width, height) => {
      const { list } = stretchesOf(clock(height));
      const placed = placeStretches(list, width, height, words, measure);
      const now = xOf(placed, height);
      expect(placed.reduce((sum, s) => sum + s.width, 0)).toBeCloseTo(width);
      for (const s of placed) {
        if (!s.label) continue;
        const end = s.label.x + measure(s.label.text);
        expect(s.label.x).toBeGreaterThanOrEqual(s.x);
        expect(end).toBeLessThanOrEqual(s.x + s.width + 0.01);
        expect(now <= s.label.x || now >= end).toBe(true);
      }
    }));
  });
  it('lets no two axis labels touch', () => {
    fc.assert(fc.property(fc.integer({ min: 320, max: 2000 }), fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 8 }), (width, at) => {
      const axis = placeAxis(at.map((x) => ({ at: Math.min(x, width), lines: ['block 887,711', '≈ tomorrow 12:58'] })), width, measure);
      const spans = axis.map((a) => { const w = measure('≈ tomorrow 12:58'); const from = a.anchor === 'start' ? a.x : a.anchor === 'end' ? a.x - w : a.x - w / 2; return [from, from + w] as const; });
      for (const [i, a] of spans.entries()) {
        expect(a[0]).toBeGreaterThanOrEqual(-0.01);
        expect(a[1]).toBeLessThanOrEqual(width + 0.01);
        for (const b of spans.slice(i + 1)) expect(a[1] < b[0] || b[1] < a[0]).toBe(true);
      }
    }));
  });
  it('moves now steadily', () => {
    const { list } = stretchesOf(clock(880000));
    const placed = placeStretches(list, 900, 880000, words, measure);
    let last = -1;
    for (let block = 873556; block < 904000; block += 37) {
      const x = xOf(placed, block);
      expect(x).toBeGreaterThanOrEqual(last);
      last = x;
    }
  });
});
