/** Every word that the account key step can look up is there, in both languages. */
import { createTranslator } from 'next-intl';
import { expect, test } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import type { RecordOwner } from '#lib/chain/account-key.ts';
import type { WrongPaste } from './read-key-output.ts';

// Records, so that a new kind without words doesn't compile.
const WRONG: Record<WrongPaste, true> = { 'too-long': true, 'private-key': true, multisig: true, several: true, mnemonic: true, 'consensus-key': true, gonkapub: true, address: true, hex: true, 'command-failed': true, nothing: true };
const OWNERS: Record<RecordOwner, true> = { 'this-host': true, 'this-address': true, 'another-host': true };
const keys = [
  ...Object.keys(WRONG).flatMap((why) => [`accountKey.paste.wrong.${why}.what`, `accountKey.paste.wrong.${why}.next`]),
  ...Object.keys(OWNERS).flatMap((owner) => [`accountKey.found.owner.${owner}.what`, `accountKey.found.owner.${owner}.next`]),
  ...['account', 'consensus', 'operational'].flatMap((key) => ['name', 'temper', 'does', 'who', 'lost'].map((part) => `accountKey.keys.${key}.${part}`)),
  ...['account_key_only', 'account_key_mistyped'].flatMap((code) => ['what', 'means', 'next'].map((part) => `errors.${code}.${part}`)),
];

test.each([['en', en], ['zh', zh]] as const)('%s', (locale, messages) => {
  const problems: string[] = [];
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => problems.push(String(error)) });
  for (const key of keys) expect(t(key as never).length).toBeGreaterThan(1);
  expect(problems).toEqual([]);
});

test('both languages have the same keys', () => {
  const paths = (value: unknown, at = ''): string[] => (typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${at}.${key}`)) : [at]);
  for (const part of ['accountKey', 'commandCard'] as const) expect(paths(zh[part]).sort()).toEqual(paths(en[part]).sort());
});
