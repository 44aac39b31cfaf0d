import { expect, it } from 'vitest';
import { feeAllowancePath, paysFees, readFeeAllowance } from './fee-allowance.ts';

const BASIC = { '@type': '/cosmos.feegrant.v1beta1.BasicAllowance', spend_limit: [{ denom: 'ngonka', amount: '10000000000' }], expiration: '2026-10-13T11:37:45.826503545Z' };
const answer = (allowance: unknown) => ({ allowance: { granter: 'a', grantee: 'b', allowance } });

it('an allowance, also one for certain messages only', () => {
  const read = { until: Date.parse('2026-10-13T11:37:45.826Z'), left: 10_000_000_000n };
  expect(readFeeAllowance(200, answer(BASIC))).toEqual(read);
  expect(readFeeAllowance(200, answer({ '@type': '/cosmos.feegrant.v1beta1.AllowedMsgAllowance', allowance: BASIC, allowed_messages: [] }))).toEqual(read);
  expect(readFeeAllowance(200, answer({ ...BASIC, spend_limit: [], expiration: null }))).toEqual({});
  expect(readFeeAllowance(200, answer({ ...BASIC, spend_limit: [{ denom: 'other', amount: '5' }] }))).toMatchObject({ left: 0n });
});
it('only the chain says that there is none', () => {
  expect(readFeeAllowance(404, { code: 5, message: 'fee-grant not found' })).toBe(false);
  for (const [status, body] of [[404, 'Chain API Disabled'], [404, { code: 12 }], [500, { code: 5 }], [503, undefined]] as const) expect(readFeeAllowance(status, body)).toBeUndefined();
  expect(() => readFeeAllowance(200, answer({ ...BASIC, expiration: 'soon' }))).toThrow();
  expect(() => readFeeAllowance(200, {})).toThrow();
});
it('from 0.2.12 on', () => {
  expect(['0.2.11', '0.2.12', 'v0.2.14-post3', '0.3.0', undefined, 'main'].map(paysFees)).toEqual([false, true, true, true, false, false]);
  expect(feeAllowancePath('gonka1a', 'gonka1b')).toBe('/cosmos/feegrant/v1beta1/allowance/gonka1a/gonka1b');
});
