import { expect, it } from 'vitest';
import { keyringLook } from './keyring-look.ts';
import type { Step } from './onboarding-data.ts';

const step = (state: Step['state'], code: string, params: Step['evidence']['params']): Step => ({ name: 'ml-key', state, evidence: { code, params } });

it('a keyring that can’t be read is looked into by hand first', () => {
  expect(keyringLook(step('unknown', 'ml_key_unread', { name: 'op', keyring: '/srv/my deploy/.inference/keyring-file' }))).toEqual(['sudo', 'ls', '/srv/my deploy/.inference/keyring-file']);
  expect(keyringLook(step('unknown', 'ml_key_unread', { name: 'op' })), 'no directory known').toBeUndefined();
  expect(keyringLook(step('ready', 'no_ml_key', { name: 'op' }))).toBeUndefined();
});
