import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPerformance, readSettle } from './epoch-reward.ts';
import { readActiveSet } from './participants.ts';
import { parseJson } from './schema.ts';
import { operatorOf, stakingPage, type StakingPage, wholeStaking } from './staking.ts';

const samples = path.resolve(import.meta.dirname, '../../../shared/gonka/samples');
const recorded = (file: string): unknown => parseJson(readFileSync(path.join(samples, file), 'utf8'));
const first: StakingPage = { validators: [{ operator: 'a', key: 'A', bonded: true, tokens: 60n }, { operator: 'b', key: 'B', bonded: false, tokens: 0n }], next: undefined, total: 2 };
const whole = (...pages: StakingPage[]) => wholeStaking(async () => ({ value: pages.shift(), at: 1 }));

describe('the staking list of the recordings', () => {
  it.each(['v0.2.4/http/disabled-next-epoch', 'v0.2.8/http/disabled-next-epoch'])('%s has the host that left with 0 tokens, unbonding', (folder) => {
    const page = stakingPage.parse(recorded(`${folder}/chain_validators.json`));
    expect(page.validators.length).toBe(page.total);
    expect(page.validators.filter(({ bonded, tokens }) => bonded && tokens > 0n).length).toBeGreaterThan(0);
    expect(page.validators.filter(({ bonded, tokens }) => !bonded && tokens === 0n)).toHaveLength(1);
  });
  it('names the operator of an account as facts 5.3 say', () => {
    expect(operatorOf('gonka14cu38xpsd8pz5zdkkzwf0jwtpc0vv309ake364')).toMatch(/^gonkavaloper14cu38xpsd8pz5zdkkzwf0jwtpc0vv309/);
    expect(operatorOf('nonsense')).toBeUndefined();
  });
});

describe('a staking list', () => {
  it('is whole, page by page, or a problem', async () => {
    expect((await whole(first)).value).toHaveLength(2);
    expect((await whole({ ...first, validators: first.validators.slice(0, 1), next: 'x' }, { ...first, validators: first.validators.slice(1), total: undefined })).value).toHaveLength(2);
    for (const pages of [[{ ...first, total: 3 }], [{ ...first, total: undefined }], [{ ...first, validators: [first.validators[0], first.validators[0]] as StakingPage['validators'] }], [{ ...first, next: 'x' }, { ...first, validators: [], next: 'x' }]]) expect((await whole(...pages)).value).toBeUndefined();
  });
  it('has no row without tokens, and none with nonsense', () => {
    const row = { operator_address: 'a', consensus_pubkey: { key: 'A' }, status: 'BOND_STATUS_BONDED', tokens: '5' };
    const page = (one: object) => stakingPage.safeParse({ validators: [one], pagination: { next_key: null, total: '1' } }).success;
    expect(page(row)).toBe(true);
    for (const broken of [{ ...row, tokens: undefined }, { ...row, tokens: '-1' }, { ...row, tokens: '5x' }, { ...row, operator_address: '' }, { ...row, consensus_pubkey: {} }]) expect(page(broken)).toBe(false);
  });
});

describe('an unclaimed reward', () => {
  const absent = { code: 5, message: 'not found', details: [] };
  it('is open, or surely absent; a proxy says nothing', () => {
    expect(readSettle('me')(404, recorded('v0.2.4/http/active-in-epoch/chain_settle_amount.json'))).toBe(false);
    expect(readSettle('me')(200, { settle_amount: { participant: 'me', reward_coins: '38627452617213', work_coins: '5', epoch_index: '56' } })).toEqual({ epoch: 56, reward: 38_627_452_617_218n });
    expect(readSettle('me')(404, { error: 'Not Found' })).toBeUndefined();
    expect(readSettle('me')(501, { code: 12 })).toBeUndefined();
    expect(() => readSettle('me')(200, { settle_amount: { participant: 'you', reward_coins: '1', epoch_index: '56' } })).toThrow('another participant');
  });
  it('is claimed as the recorded summary says', () => {
    const of = 'gonka14cu38xpsd8pz5zdkkzwf0jwtpc0vv309ake364';
    expect(readPerformance(56, of)(200, recorded('epoch_performance_summary_56_gonka14cu38x.json'))).toEqual({ epoch: 56, reward: 38_627_452_617_213n, claimed: true });
    expect(readPerformance(55, of)(200, recorded('epoch_performance_summary_55_gonka14cu38x.json'))).toMatchObject({ claimed: false });
    expect(() => readPerformance(57, of)(200, recorded('epoch_performance_summary_56_gonka14cu38x.json'))).toThrow('another summary');
    expect(readPerformance(56, of)(404, absent)).toBe(false);
  });
});

it('a whole answer about the active set has an address beside every row, in every recording', () => {
  for (const file of ['current_epoch_participants.json', 'v0.2.4/http/after-several-epochs/v1_epochs_current_participants.json', 'v0.2.8/http/disabled-next-epoch/v1_epochs_current_participants.json']) {
    const set = readActiveSet(200, recorded(file));
    expect(set?.addresses, file).toBe(set?.list.length);
  }
});
