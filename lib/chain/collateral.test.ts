import { expect, it } from 'vitest';
import { collateralPath, collateralRule, freeShare, readCollateral, wantedCollateral } from './collateral.ts';

// Recorded on v0.2.8: chain_params.json.
const PARAMS = { slash_fraction_invalid: { value: '2', exponent: -1 }, grace_period_end_epoch: '180', base_weight_ratio: { value: '2', exponent: -1 }, collateral_per_weight_unit: { value: '1', exponent: 0 } };

it('the rule as it was recorded, to the ngonka', () => {
  const rule = collateralRule.parse(PARAMS);
  expect([rule.since, freeShare(rule), wantedCollateral(rule, 1000), wantedCollateral(rule, 1), wantedCollateral(rule, 0)]).toEqual([181, 0.2, 800n, 1n, 0n]);
  expect(wantedCollateral(collateralRule.parse({ ...PARAMS, collateral_per_weight_unit: { value: 42, exponent: -1 } }), 1_000_003)).toBe(3_360_011n);
});

it('zero values are absent, and nonsense is no rule', () => {
  expect(collateralRule.parse({ base_weight_ratio: {}, collateral_per_weight_unit: { value: '5' } })).toEqual({ since: 1, free: { of: 0n, in: 1n }, perWeight: { of: 5n, in: 1n } });
  for (const wrong of [{}, { ...PARAMS, base_weight_ratio: { value: '2' } }, { ...PARAMS, collateral_per_weight_unit: { value: '1', exponent: 4000 } }]) expect(collateralRule.safeParse(wrong).success).toBe(false);
});

it('only the chain says that nothing is deposited', () => {
  expect(readCollateral(200, { amount: { denom: 'ngonka', amount: '123456789012345678' } })).toBe(123_456_789_012_345_678n);
  expect(readCollateral(404, { code: 5, message: 'collateral not found for participant gonka1a' })).toBe(0n);
  for (const [status, body] of [[404, 'Chain API Disabled'], [501, { code: 12 }], [500, { code: 5 }], [503, undefined]] as const) expect(readCollateral(status, body)).toBeUndefined();
  for (const body of [{}, { amount: { denom: 'other', amount: '5' } }, { amount: { denom: 'ngonka', amount: '-5' } }]) expect(() => readCollateral(200, body)).toThrow();
  expect(collateralPath('gonka1a')).toBe('/productscience/inference/collateral/collateral/gonka1a');
});
