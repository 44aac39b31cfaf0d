import { expect, it } from 'vitest';
import { cardGb, cardKind, KNOWN_CARDS } from './card-size.ts';

it.each(KNOWN_CARDS)('$name ($totalMiB MiB) is sold as $gb GB', ({ kind, name, totalMiB, gb }) => {
  expect(cardGb(totalMiB)).toBe(gb);
  expect(cardKind({ name, totalMiB })).toBe(kind);
});

it.each([
  ['A100 80GB with ECC', 81_251, 80], ['A100-PCIE-40GB', 40_536, 40], ['A40', 46_068, 48], ['L40S', 46_068, 48], ['RTX 5090', 32_607, 32], ['RTX A6000', 49_140, 48],
  ['H100 NVL', 95_830, 94], ['V100 32GB', 32_510, 32], ['RTX 2080 Ti', 11_264, 11], ['a card of no sold size', 30_000, 30], ['a what-if of 80 GiB', 81_920, 80],
])('%s: %i MiB is %i GB', (_, mib, gb) => expect(cardGb(mib)).toBe(gb));

it('the sums of the table: 8 × H100 = 640, 4 × A100 = 320', () => {
  expect(8 * cardGb(81_559)).toBe(640);
  expect(4 * cardGb(81_920)).toBe(320);
  expect(4 * cardGb(81_251)).toBe(320);
});

it('nothing is 0; more memory is never a smaller card', () => {
  for (const none of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(cardGb(none)).toBe(0);
  let last = 0;
  for (let mib = 1; mib < 400_000; mib += 37) {
    const gb = cardGb(mib);
    expect(gb).toBeGreaterThanOrEqual(last);
    last = gb;
  }
});

it('names that only look alike are other cards', () => {
  for (const name of ['NVIDIA L40S', 'NVIDIA L4000', 'NVIDIA A1000', 'NVIDIA GeForce RTX 3070', 'NVIDIA H20', 'Quadro RTX 6000', '']) expect(cardKind({ name, totalMiB: 24_000 }), name).toBeUndefined();
  for (const name of ['NVIDIA H100 PCIe', 'NVIDIA H100 NVL', 'NVIDIA H100 80GB HBM3 | 79GB', 'H100']) expect(cardKind({ name, totalMiB: 81_559 }), name).toBe('H100');
  expect(cardKind({ name: 'NVIDIA GeForce RTX 3080 Ti', totalMiB: 12_288 })).toBe('3080');
});
