import { describe, expect, it } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import type { ExitNetwork } from './network.ts';
import { type ExitMemo, type ExitParams, readMemo } from './schema.ts';
import { look } from './sight.ts';

const at = clock.now();
const ok = <T>(value: T) => ({ state: 'ok' as const, value, at });
/** A network in which the account `b` has no weight, and nothing to claim. */
const network = (more: Partial<ExitNetwork> = {}): ExitNetwork => ({
  clock: ok({ epoch: 201, latestEpoch: 201, phase: 'Inference', height: 12_100 } as never), participants: ok({ epoch: 201, list: [{ address: 'a', weight: 40, mlNodes: [] }] as never, totalWeight: 40 }),
  api: ok(true as const), keys: ['k'], registered: true, address: 'b', chainId: 'gonka-mainnet', settle: ok(false as const), performance: ok(false as const), ...more,
});
const seen = async (memo: ExitMemo, said: ExitNetwork) => {
  surroundOperations({ leaving: async () => said, mlNodes: async () => ({ state: 'unknown' }) });
  return (await look({} as Deployment, memo, { scope: 'host' }, false)).sight;
};

it('the whole reward of the host was said to be what stopping one of its nodes costs', async () => {
  const mlNodes = [{ model: 'm', id: 'node1', pocWeight: 10, timeslots: [] }, { model: 'm', id: 'node2', pocWeight: 30, timeslots: [] }];
  const said = network({ address: 'a', participants: ok({ epoch: 201, list: [{ address: 'a', weight: 40, mlNodes }] as never, totalWeight: 40 }), settle: ok({ epoch: 200, reward: 7n } as never), performance: ok({ epoch: 200, reward: 9n, claimed: false } as never) });
  surroundOperations({ leaving: async () => said, mlNodes: async () => ({ state: 'unknown' }) });
  const cost = async (params: ExitParams) => (await look({} as Deployment, readMemo({}), params, false)).cost;
  expect(await cost({ scope: 'host' })).toMatchObject({ inSet: true, weight: 40, lastReward: { reward: '9' }, unclaimed: { reward: '7' } });
  expect(await cost({ scope: 'ml-node', node: 'node1' })).toEqual({ known: true, inSet: true, epoch: 201, weight: 10, totalWeight: 40 });
});

describe('who the host is', () => {
  it('a changed ACCOUNT_PUBKEY made another account\'s absence and its empty claim those of the host that leaves', async () => {
    const memo = readMemo({ noted: { epoch: 200, latestEpoch: 200, phase: 'Inference', height: 12_000, at, chainId: 'gonka-mainnet', address: 'a', keys: ['k'], source: 'own node' } });
    const other = await seen(memo, network());
    expect(other).toMatchObject({ placeWhy: { code: 'other_account' }, rewardWhy: { code: 'other_account' } });
    for (const known of ['place', 'settle', 'performance']) expect(other).not.toHaveProperty(known);
    expect(await seen(memo, network({ address: 'a' }))).toMatchObject({ place: { weight: 40 }, settle: false, performance: false });
  });

  it('says what is missing: the account, the record, or an answer', async () => {
    const why = async (more: Partial<ExitNetwork>) => (await seen(readMemo({}), network(more))).identityWhy;
    expect(await why({ address: undefined })).toEqual({ code: 'no_account', params: {} });
    expect(await why({ registered: false })).toEqual({ code: 'not_registered', params: { address: 'b' } });
    expect(await why({ registered: undefined })).toEqual({ code: 'identity_unknown', params: {} });
    expect(await why({})).toBeUndefined();
  });
});
