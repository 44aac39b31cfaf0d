import { expect, test } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { type Commit, SEED_DEPTH, signaturesIn } from './commits.ts';

const KEY = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const NEWEST = 12_900;
const commit = (height: number): Commit => ({ height, chainId: 'gonka-mainnet', at: clock.now(), signers: new Set(['SOMEBODY']) });

test('a maintenance waited for ever for its start: the newest block took the one answer that a seed had left at each try, and the block above the signing state was never read', async () => {
  const kept = new Set<number>();
  // One answer a try; what a block that is not the newest said is kept, as by the gateway.
  const round = async (newest: number) => {
    let left = 1;
    return signaturesIn(async (height) => {
      if (height !== undefined && kept.has(height)) return { value: commit(height), at: clock.now() };
      if (left === 0) return { problem: { kind: 'waiting', error: { code: 'chain_polite_wait', params: { host: 'seed' } } } };
      left -= 1;
      if (height !== undefined) kept.add(height);
      return { value: commit(height ?? newest), at: clock.now() };
    }, KEY, SEED_DEPTH, 12_100);
  };
  expect(await round(NEWEST)).toMatchObject({ problem: { kind: 'waiting' } });
  expect(await round(NEWEST + 5)).toMatchObject({ value: { newest: { height: NEWEST + 5 }, gapUnread: false } });
});

test('a block above the signing state that nobody could show is a gap', async () => {
  const ask = async (height?: number) => (height === 12_101 ? { problem: { kind: 'waiting' as const, error: { code: 'chain_polite_wait', params: { host: 'seed' } } } } : { value: commit(height ?? NEWEST), at: clock.now() });
  expect(await signaturesIn(ask, KEY, SEED_DEPTH, 12_100)).toMatchObject({ value: { gapUnread: true } });
});
