import { describe, expect, it } from 'vitest';
import { isDoneByHand, keyringLook } from './by-hand.ts';
import type { Step } from './onboarding-data.ts';

const step = (name: Step['name'], state: Step['state'], code: string, params: Step['evidence']['params'] = {}): Step => ({ name, state, evidence: { code, params } });

describe('"do it as the quickstart describes" was said where doing it destroys a key', () => {
  it.each<[string, Step, boolean]>([
    ['no key, for certain', step('ml-key', 'ready', 'no_ml_key'), true],
    ['a keyring that can’t be read', step('ml-key', 'unknown', 'ml_key_unread'), false],
    ['a keyring that can’t be read, behind another step', step('ml-key', 'blocked', 'ml_key_unread'), false],
    ['no key, the configuration comes first', step('ml-key', 'blocked', 'no_ml_key'), false],
    ['the key is there', step('ml-key', 'done', 'ml_key'), false],
    ['not registered, which the panel does', step('register', 'ready', 'not_registered'), false],
    ['permissions missing, for which there is a card', step('grant', 'ready', 'grants_missing'), false],
    ['a step that the panel does', step('configuration', 'ready', 'no_config'), false],
    ['a step without such a code', step('verify', 'ready', 'not_registered'), false],
  ])('%s', (_name, one, said) => expect(isDoneByHand(one)).toBe(said));

  it('a keyring that can’t be read is looked into by hand first', () => {
    expect(keyringLook(step('ml-key', 'unknown', 'ml_key_unread', { name: 'op', keyring: '/srv/my deploy/.inference/keyring-file' }))).toEqual({ argv: ['sudo', 'ls', '/srv/my deploy/.inference/keyring-file'], name: 'op' });
    expect(keyringLook(step('ml-key', 'unknown', 'ml_key_unread', { name: 'op' })), 'no directory known').toBeUndefined();
    expect(keyringLook(step('ml-key', 'ready', 'no_ml_key', { name: 'op' }))).toBeUndefined();
  });
});
