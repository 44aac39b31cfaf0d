/**
 * The one unit rule (words: `models.unitRule`): a card counts with the whole GB it is sold as. `nvidia-smi` says MiB; the
 * size a card is sold as lies between that reading in GiB (MiB / 1024, rounded up when ECC or the driver keep a little) and
 * in GB of 10^9 bytes (with 1 % for what drivers differ by). So an H100 of 81,559 MiB (79.6 GiB, 85.5 GB) is 80, eight of them are the table's 640, and four
 * A100 are 320. A reading with no sold size between the two counts as its GiB, rounded up.
 */
const SOLD_GB = [6, 8, 10, 11, 12, 16, 20, 24, 32, 40, 48, 64, 80, 94, 96, 141, 144, 192, 288];

/** GB of a card of so many MiB; 0 for none. */
export function cardGb(totalMiB: number): number {
  if (!Number.isFinite(totalMiB) || totalMiB <= 0) return 0;
  const gib = totalMiB / 1024;
  const gb = (totalMiB * 1024 * 1024) / 1e9;
  return SOLD_GB.find((size) => size >= gib && size <= gb * 1.01) ?? Math.ceil(gib);
}

/** The cards that the guide and the reference configurations name (facts 3.3, 10.3), with what nvidia-smi reports for each. For "what if". */
export const KNOWN_CARDS = [
  { kind: 'B300', name: 'NVIDIA B300', gb: 288, totalMiB: 275_040 },
  { kind: 'B200', name: 'NVIDIA B200', gb: 192, totalMiB: 183_359 },
  { kind: 'H200', name: 'NVIDIA H200', gb: 141, totalMiB: 143_771 },
  { kind: 'RTX PRO 6000', name: 'NVIDIA RTX PRO 6000 Blackwell Server Edition', gb: 96, totalMiB: 97_887 },
  { kind: 'H100', name: 'NVIDIA H100 80GB HBM3', gb: 80, totalMiB: 81_559 },
  { kind: 'A100', name: 'NVIDIA A100-SXM4-80GB', gb: 80, totalMiB: 81_920 },
  { kind: 'A100 40GB', name: 'NVIDIA A100-SXM4-40GB', gb: 40, totalMiB: 40_960 },
  { kind: '4090', name: 'NVIDIA GeForce RTX 4090', gb: 24, totalMiB: 24_564 },
  { kind: '3090', name: 'NVIDIA GeForce RTX 3090', gb: 24, totalMiB: 24_576 },
  { kind: 'L4', name: 'NVIDIA L4', gb: 24, totalMiB: 23_034 },
  { kind: '3080', name: 'NVIDIA GeForce RTX 3080', gb: 10, totalMiB: 10_240 },
] as const;
export type CardKind = (typeof KNOWN_CARDS)[number]['kind'];

/** Which of them a name means; an A100 is told apart by its memory. Undefined for any other card. */
export function cardKind({ name, totalMiB }: { name: string; totalMiB: number }): CardKind | undefined {
  const word = (pattern: string): boolean => new RegExp(`(?:^|[\\s-])${pattern}(?![A-Za-z0-9])`, 'i').test(name);
  if (word('A100')) return cardGb(totalMiB) >= 80 ? 'A100' : 'A100 40GB';
  if (word('RTX PRO 6000')) return 'RTX PRO 6000';
  return (['B300', 'B200', 'H200', 'H100', '4090', '3090', 'L4', '3080'] as const).find(word);
}
