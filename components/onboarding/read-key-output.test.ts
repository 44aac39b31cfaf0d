import { createECDH } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mustBeWiped, readKeyOutput } from './read-key-output.ts';

const recorded = (name: string) => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');
const KEY = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';

/** Recordings hold `word word …` where the mnemonic stood. */
const withMnemonic = (text: string, phrase: string) => text.replace(/word(?: word){23}/, phrase);
const key = fc.uint8Array({ minLength: 31, maxLength: 31 }).map((secret) => {
  const ecdh = createECDH('secp256k1');
  ecdh.setPrivateKey(Buffer.concat([Buffer.from([1]), secret]));
  return ecdh.getPublicKey('base64', 'compressed');
});
const phrase = fc.tuple(fc.constantFrom(12, 15, 18, 21, 24), fc.infiniteStream(fc.stringMatching(/^[a-z]{3,8}$/))).map(([count, words]) => [...words.take(count)].join(' '));

describe('the recorded outputs', () => {
  test('YAML with the mnemonic below it', () => expect(readKeyOutput(recorded('keys-add-account'))).toEqual({ kind: 'key', key: KEY, dropped: 'mnemonic' }));
  test('JSON with the mnemonic inside', () => expect(readKeyOutput(recorded('keys-add-json'))).toEqual({ kind: 'key', key: 'Anw+LUso+dR92ze1FimRv6hRJo2oTlQq9sdsvIWeNN36', dropped: 'mnemonic' }));
  test.each(['keys-add-short-password', 'keys-add-passwords-differ', 'keys-add-warm-again'])('%s is a command that made no key', (name) => expect(readKeyOutput(recorded(name))).toEqual({ kind: 'wrong', why: 'command-failed' }));
  test('Windows line ends, and a terminal that broke the key in two', () => {
    expect(readKeyOutput(recorded('keys-add-account').replaceAll('\n', '\r\n'))).toMatchObject({ key: KEY });
    expect(readKeyOutput(recorded('keys-add-account').replace('lsvh', 'ls\nvh').replace('xwaw', 'xw\naw'))).toMatchObject({ key: KEY });
  });
});

describe('nothing but the key leaves', () => {
  test.each(['keys-add-account', 'keys-add-json'])('%s with any key and any mnemonic', (name) => {
    fc.assert(fc.property(key, phrase, (wanted, words) => {
      const text = withMnemonic(recorded(name), words).replace(/"key(\\?)":(\\?)"[A-Za-z0-9+/]{44}/, `"key$1":$2"${wanted}`);
      expect(text).toContain(words);
      expect(readKeyOutput(text)).toEqual({ kind: 'key', key: wanted, dropped: 'mnemonic' });
    }));
  });
  test('any text around a key: what comes out is that key and one of three words, or the name of a mistake', () => {
    fc.assert(fc.property(key, fc.string(), fc.string(), fc.option(phrase), (wanted, before, after, words) => {
      const read = readKeyOutput(`${before}\n${wanted}\n${after}\n${words ?? ''}`);
      if (read.kind === 'key') expect([read.key, Object.keys(read).length, ['nothing', 'more', 'mnemonic'].includes(read.dropped)]).toEqual([wanted, 3, true]);
      else expect(Object.keys(read)).toEqual(['kind', 'why']);
    }));
  });
  test('a mnemonic alone is refused and wiped, whatever stands between its words', () => {
    const separated = fc.constantFrom(' ', '\n', ', ', '\r\n', '\t', ' | ');
    fc.assert(fc.property(phrase, separated, fc.boolean(), (words, between, numbered) => {
      const text = words.split(' ').map((word, i) => (numbered ? `${i + 1}. ${word}` : word)).join(between);
      expect(readKeyOutput(text)).toEqual({ kind: 'wrong', why: 'mnemonic' });
      expect(mustBeWiped(text)).toBe(true);
      expect(mustBeWiped(text.toUpperCase())).toBe(true);
    }));
  });
  test('words without spaces are no key, also at the length of one', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{43}$/), (word) => {
      expect(readKeyOutput(`A${word}`)).toEqual({ kind: 'wrong', why: 'nothing' });
    }));
  });
});

describe('what is no account key is named', () => {
  const SECRET = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=';
  test.each([
    ['the consensus key', 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=', 'consensus-key'],
    ['the consensus key as tmkms logs it', 'Pubkey: {"@type":"/cosmos.crypto.ed25519.PubKey","key":"OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw="}', 'consensus-key'],
    ['an address', 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc', 'address'],
    ['a bech32 public key', `gonkapub1addwnpepq${'q'.repeat(50)}`, 'gonkapub'],
    ['the key in hex', Buffer.from(KEY, 'base64').toString('hex'), 'hex'],
    ['32 bytes in hex', Buffer.from(SECRET, 'base64').toString('hex'), 'private-key'],
    ['an exported key', `-----BEGIN TENDERMINT PRIVATE KEY-----\nkdf: bcrypt\n\n${KEY}\n-----END TENDERMINT PRIVATE KEY-----`, 'private-key'],
    ['a validator key file', `{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"${'a'.repeat(86)}=="}}`, 'private-key'],
    ['a multisig', `pubkey: '{"@type":"/cosmos.crypto.multisig.LegacyAminoPubKey","threshold":2,"public_keys":[{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"${KEY}"}]}'`, 'multisig'],
    ['two keys', `${recorded('keys-add-account')}${recorded('keys-add-json')}`, 'several'],
    ['a sentence', 'I have created the key', 'nothing'],
    ['nothing', '', 'nothing'],
    ['a book', 'word '.repeat(20_000), 'too-long'],
  ])('%s', (_, text, why) => expect(readKeyOutput(text)).toEqual({ kind: 'wrong', why }));
  test('key material is wiped while it is typed, a public key is not', () => {
    expect(mustBeWiped(Buffer.from(SECRET, 'base64').toString('hex'))).toBe(true);
    expect(mustBeWiped('-----BEGIN TENDERMINT PRIVATE KEY-----')).toBe(true);
    expect(mustBeWiped(KEY)).toBe(false);
    expect(mustBeWiped('gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc')).toBe(false);
  });
});
test('the key, with what a person copies along', () => {
  for (const text of [KEY, ` ${KEY}\n`, `"${KEY}"`, `ACCOUNT_PUBKEY=${KEY}`, `export ACCOUNT_PUBKEY='${KEY}' # mine`]) expect(readKeyOutput(text)).toMatchObject({ kind: 'key', key: KEY });
});
