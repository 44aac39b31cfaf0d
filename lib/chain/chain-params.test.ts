import { expect, it } from 'vitest';
import { readChainParams } from './chain-params.ts';

const confirmation_poc_params = { expected_confirmations_per_epoch: '1', confirmation_poc_safety_window: '50' };
const collateral_params = { grace_period_end_epoch: '180', base_weight_ratio: { value: '2', exponent: -1 }, collateral_per_weight_unit: { value: '1' } };

it('one group that can not be read doesn\'t take the other with it', () => {
  const confirmation = { expected: 1, safetyWindow: 50 };
  expect(readChainParams(200, { params: { confirmation_poc_params, collateral_params } })).toMatchObject({ confirmation, collateral: { since: 181 } });
  expect(readChainParams(200, { params: { confirmation_poc_params, collateral_params: { base_weight_ratio: 'half' } } })).toEqual({ confirmation });
  expect(readChainParams(200, { params: { collateral_params, confirmation_poc_params: { expected_confirmations_per_epoch: 'often' } } })).toMatchObject({ collateral: { since: 181 } });
  expect(readChainParams(200, { params: { participant_access_params: { new_participant_registration_start_height: '2222222' } } })).toEqual({ registration: { opensAt: 2_222_222 } });
  expect(readChainParams(200, { params: { participant_access_params: {} } })).toEqual({ registration: { opensAt: 0 } });
  expect(readChainParams(200, { params: {} })).toEqual({});
  expect(readChainParams(404, { params: {} })).toBeUndefined();
  expect(() => readChainParams(200, {})).toThrow();
});
