import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkWords, qrCode } from './qr-code.ts';

const drawn = (grid: boolean[][] | undefined, dark = '1', light = '0') => grid?.map((row) => row.map((one) => (one ? dark : light)).join('')).join('\n');
const sample = (length: number) => Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * 7919 + length * 31) % 90))).join('');

/** Version, length of the text, SHA-256 of the picture as another encoder (uqr 0.1.3) draws it. One a version; lengths at which both choose the same mask. */
const KNOWN = [[1, 1, '2a4b1c64234d31d6'], [2, 17, '03dc14cf2e2fb702'], [3, 27, 'fc3c96c75255665a'], [4, 43, '6eb2424d68986feb'], [5, 63, 'c1a203bd3e3fae60'], [6, 85, 'ba551dcc901f845f'], [7, 107, '120f1e0d751c7ae6'], [8, 123, 'adefd1a35d2df41d'], [9, 154, '94e1b893d1bdb846'], [10, 183, 'b4564631b5c8c799'], [11, 214, '103575d5f7bd9077'], [12, 252, '3bb0b23258d64b65'], [13, 288, '04fa5a08035f73b1'], [14, 332, '5a30e1a666352332'], [15, 363, '69358572918c8798'], [16, 413, 'f467d451de86de0b'], [17, 453, '26522d0283e62bfe'], [18, 506, 'a082e559e3ec473e'], [19, 561, 'de49174f6aeaf823'], [20, 626, '4fd970eb5b5e505c']] as const;

describe('known answers', () => {
  test('the smallest code, module by module', () => {
    expect(drawn(qrCode('HELLO'), '#', '.')).toBe(`
#######.##.#..#######
#.....#..##.#.#.....#
#.###.#..####.#.###.#
#.###.#.#..#..#.###.#
#.###.#.#...#.#.###.#
#.....#.#.##..#.....#
#######.#.#.#.#######
........#####........
#...#.######.#####..#
...###..#.###..#.####
#.##..#.#.##..###..#.
###..#...#...##.#....
..#.###..#..###...##.
........###.###..#.##
#######.##..##...#.#.
#.....#....##..#...#.
#.###.#.#..#..###.#.#
#.###.#....##....#.##
#.###.#..###..####...
#.....#..#...##......
#######.#...#####.#.#
`.trim());
  });
  test.each(KNOWN)('version %i, %i bytes', (version, length, hash) => {
    const grid = qrCode(sample(length));
    expect(grid?.length).toBe(17 + 4 * version);
    expect(createHash('sha256').update(drawn(grid) ?? '').digest('hex').slice(0, 16)).toBe(hash);
  });
  test('check words of the standard’s example (annex I, 01234567 in version 1-M)', () => {
    expect(checkWords([0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11], 10)).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
  });
});

test('every length that fits has a square code, and the next one has none', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 666 }), (length) => {
    const grid = qrCode('x'.repeat(length));
    expect(grid?.every((row) => row.length === grid.length)).toBe(true);
    // The dark module and the three finders' centres are in every code.
    const last = (grid?.length ?? 0) - 1;
    expect([grid?.[last - 7]?.[8], grid?.[3]?.[3], grid?.[3]?.[last - 3], grid?.[last - 3]?.[3]]).toEqual([true, true, true, true]);
  }), { numRuns: 40 });
  expect(qrCode('x'.repeat(667))).toBeUndefined();
  // UTF-8 counts.
  expect(qrCode('钥'.repeat(222))?.length).toBe(97);
  expect(qrCode('钥'.repeat(223))).toBeUndefined();
});
