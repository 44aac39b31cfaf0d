import { expect, test } from 'vitest';
import type { ConfigRow } from '../config/config-data.ts';
import type { ConfigurationNow, GuideField } from './configuration-data.ts';
import { changeOfValues, missingIn, shownValues, startValue } from './guide-values.ts';

const field = (name: string, row: Partial<ConfigRow> = {}, suggested?: string): GuideField => ({
  row: { name, group: 'identity', kind: 'text', takesEffect: 'recreate', source: 'guide', known: true, secret: false, set: false, exported: true, services: [], required: true, problems: [], line: 1, ...row },
  guide: true,
  ...(suggested === undefined ? {} : { suggestion: { value: suggested, code: 'x', params: {}, source: 's' } }),
});
const now = (fields: GuideField[], fromTemplate = false): ConfigurationNow => ({ at: 0, path: '/d/config.env', version: fromTemplate ? 'absent' : 'a'.repeat(64), fromTemplate, fields, broken: 0, privateAddresses: [], operationalKey: 'absent' });
const NONE = { made: {} };

test("what the operator's file says stays; the template's value gives way to this machine's proposal", () => {
  const hf = field('HF_HOME', { set: true, value: '/mnt/shared' }, '/data/hf-cache');
  expect(startValue(hf, { fromTemplate: false }, NONE)).toBe('/mnt/shared');
  expect(startValue(hf, { fromTemplate: true }, NONE)).toBe('/data/hf-cache');
});

test('the P2P address follows the public URL until it is typed, and is never made from half a URL', () => {
  const fields = [field('PUBLIC_URL'), field('P2P_EXTERNAL_ADDRESS')];
  expect(shownValues(now(fields), { PUBLIC_URL: 'http://36.1.2.3:8000' }, NONE).P2P_EXTERNAL_ADDRESS).toBe('tcp://36.1.2.3:5000');
  expect(shownValues(now(fields), { PUBLIC_URL: 'http://36.1.2.3:8000', P2P_EXTERNAL_ADDRESS: '' }, NONE).P2P_EXTERNAL_ADDRESS).toBe('');
  expect(shownValues(now(fields), { PUBLIC_URL: '36.1.2.3' }, NONE).P2P_EXTERNAL_ADDRESS).toBe('');
});

test('only what differs is written; an empty or locked field is left alone, a password that is set stays', () => {
  const fields = [field('KEY_NAME', { set: true, value: 'a' }), field('API_PORT', { set: true, value: '8000' }), field('KEYRING_PASSWORD', { secret: true, set: true }), field('PUBLIC_URL', { readOnly: 'x' }), field('HF_HOME')];
  const values = { KEY_NAME: 'a', API_PORT: '8001', KEYRING_PASSWORD: '', PUBLIC_URL: 'http://h', HF_HOME: '' };
  expect(changeOfValues(now(fields), values)).toEqual({ by: 'values', version: 'a'.repeat(64), values: { API_PORT: '8001' } });
  expect(changeOfValues(now(fields), { ...values, API_PORT: '8000' })).toBeUndefined();
  expect(missingIn(now(fields), values)).toEqual(['HF_HOME']);
});
