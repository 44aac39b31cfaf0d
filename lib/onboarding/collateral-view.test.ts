import { expect, it } from 'vitest';
import type { CollateralRule } from '#lib/chain/collateral.ts';
import { collateralView } from './collateral-view.ts';

const rule: CollateralRule = { since: 181, free: { of: 2n, in: 10n }, perWeight: { of: 5n, in: 1n } };
const view = (deposit: bigint | undefined, seen: Parameters<typeof collateralView>[1] = { epoch: 200 }) => collateralView({ state: 'ok', source: 'own node', at: 7, value: { rule, ...(deposit === undefined ? {} : { deposit }) } }, seen);
const active = (weight: number, ...nodes: number[]) => ({ weight, mlNodes: nodes.map((pocWeight) => ({ pocWeight })) as never });

it('every host was told from epoch 180 on that most of its weight does not count, whatever it had deposited', () => {
  expect(view(4_000n, { epoch: 200, active: active(1000) })).toEqual({ state: 'enough', deposit: '4000', wanted: '4000', since: 181, share: 0.2, source: 'own node', at: 7 });
  expect(view(3_999n, { epoch: 200, active: active(1000) })).toMatchObject({ state: 'short', wanted: '4000' });
  expect(view(0n)).toMatchObject({ state: 'none', share: 0.2 });
  expect(view(10n)).toMatchObject({ state: 'there', deposit: '10' });
});

it('a weight that a small deposit has shrunk already is no measure of what is wanted', () => {
  expect(view(800n, { epoch: 200, active: active(200, 600, 400) })).toMatchObject({ state: 'short', wanted: '4000' });
});

it('from the epoch on whose PoC the rule counts for, as the chain has it', () => {
  expect([179, 180, 181].map((epoch) => view(0n, { epoch })?.state)).toEqual([undefined, 'none', 'none']);
  expect(collateralView({ state: 'ok', value: { rule: { ...rule, free: { of: 1n, in: 1n } }, deposit: 0n } }, { epoch: 200 })).toBeUndefined();
});

it('what can not be read is unknown, not missing', () => {
  const error = { code: 'chain_stale', params: {} };
  expect(view(undefined)).toMatchObject({ state: 'unseen', since: 181 });
  expect(collateralView({ state: 'unknown', error }, { epoch: 200 })).toEqual({ state: 'unread', error });
});
