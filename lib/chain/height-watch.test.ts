import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeightWatch } from './height-watch.ts';

const NOW = 1_800_000_000_000;

describe('is the chain moving?', () => {
  test('a fresh block time is evidence, and the time of the height', () => {
    expect(new HeightWatch().see('a', 100, NOW, { blockTime: NOW - 3_000 })).toEqual({ height: 100, at: NOW - 3_000, evidence: 'block-time', frozen: false });
  });
  test('an old block time is frozen at once, with the block\'s age', () => {
    expect(new HeightWatch().see('a', 100, NOW, { blockTime: NOW - 600_000 })).toEqual({ height: 100, at: NOW - 600_000, evidence: 'none', frozen: true });
  });
  test('without a block time: unproven at first, proven by growth, frozen after a minute of standing still', () => {
    const heights = new HeightWatch();
    expect(heights.see('a', 100, NOW)).toMatchObject({ evidence: 'none', frozen: false });
    expect(heights.see('a', 101, NOW + 6_000)).toMatchObject({ evidence: 'growth', frozen: false, at: NOW + 6_000 });
    expect(heights.see('a', 101, NOW + 50_000)).toMatchObject({ frozen: false });
    expect(heights.see('a', 101, NOW + 67_000)).toMatchObject({ evidence: 'none', frozen: true, at: NOW + 6_000 });
    expect(heights.see('a', 102, NOW + 70_000)).toMatchObject({ evidence: 'growth', frozen: false });
  });
  test('a frozen answer beside a moving neighbour is still frozen', () => {
    const heights = new HeightWatch();
    for (let s = 0; s <= 60; s += 15) heights.see('a', 100, NOW + s * 1000, { hint: NOW + s * 1000 });
    expect(heights.see('a', 100, NOW + 75_000, { hint: NOW + 75_000 })).toMatchObject({ frozen: true });
  });
  test('with a wrong machine clock the growth still shows it', () => {
    const heights = new HeightWatch();
    const skew = 3_600_000;
    expect(heights.see('a', 100, NOW, { blockTime: NOW - skew }).frozen).toBe(true);
    expect(heights.see('a', 101, NOW + 6_000, { blockTime: NOW + 6_000 - skew })).toMatchObject({ evidence: 'growth', frozen: false });
  });
  test('a height that jitters down is no growth', () => {
    const heights = new HeightWatch();
    heights.see('a', 100, NOW);
    expect(heights.see('a', 98, NOW + 10_000).evidence).toBe('none');
    expect(heights.see('a', 100, NOW + 20_000).evidence).toBe('none');
  });
});

describe('seconds per block', () => {
  test('unknown, not 6, until two blocks far enough apart are known', () => {
    const heights = new HeightWatch();
    expect(heights.secondsPerBlock()).toBeUndefined();
    heights.point(100, NOW);
    heights.point(102, NOW + 12_000);
    expect(heights.secondsPerBlock()).toBeUndefined();
    heights.point(110, NOW + 60_000);
    expect(heights.secondsPerBlock()).toEqual({ seconds: 6, over: 10 });
  });
  test('over at most 1 000 blocks, in whatever order the points come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 60 }, (_, i) => 1 + i * 97), { minLength: 20 }), (heights) => {
        const watch = new HeightWatch();
        for (const height of heights) watch.point(height, NOW + height * 5_360);
        const pace = watch.secondsPerBlock();
        if (!pace) return;
        expect(pace.over).toBeLessThanOrEqual(1_000);
        expect(pace.seconds).toBeCloseTo(5.36, 6);
      }),
    );
  });
  test('hints are evidence, not measurements', () => {
    const heights = new HeightWatch();
    heights.see('a', 100, NOW, { hint: NOW });
    heights.see('a', 200, NOW + 1_000, { hint: NOW + 1_000 });
    expect(heights.secondsPerBlock()).toBeUndefined();
  });
});
