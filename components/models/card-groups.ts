import type { Card } from './models-data.ts';

export type CardGroup = { name: string; totalMiB?: number; count: number; broken: boolean };

/** The same cards as one line: "8 × NVIDIA H100"; broken ones stand apart. */
export function cardGroups(cards: readonly Card[]): CardGroup[] {
  const groups: CardGroup[] = [];
  for (const { name, totalMiB, state } of cards) {
    const broken = state === 'broken';
    const same = groups.find((one) => one.name === name && one.totalMiB === totalMiB && one.broken === broken);
    if (same) same.count += 1;
    else groups.push({ name, count: 1, broken, ...(totalMiB === undefined ? {} : { totalMiB }) });
  }
  return groups;
}
