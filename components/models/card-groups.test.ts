import { expect, it } from 'vitest';
import { cardGroups } from './card-groups.ts';

it('equal cards are one line, other memory and broken ones are lines of their own', () => {
  const h100 = { name: 'NVIDIA H100', totalMiB: 81_559, state: 'ok' as const };
  expect(cardGroups([h100, h100, { ...h100, totalMiB: 95_830 }, { name: 'NVIDIA H100', state: 'broken' }])).toEqual([
    { name: 'NVIDIA H100', totalMiB: 81_559, count: 2, broken: false },
    { name: 'NVIDIA H100', totalMiB: 95_830, count: 1, broken: false },
    { name: 'NVIDIA H100', count: 1, broken: true },
  ]);
});
