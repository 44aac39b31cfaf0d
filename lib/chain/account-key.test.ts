import { createECDH } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountKeyState, recordOwner } from './account-key.ts';

/** Recorded on v0.2.4: samples, keys-add-account. */
const KEY = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';
const ADDRESS = 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc';
const CONSENSUS = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';

describe('a value of ACCOUNT_PUBKEY', () => {
  test('is the key of an address', () => expect(accountKeyState(KEY)).toEqual({ state: 'ok', key: KEY, address: ADDRESS }));
  test.each([undefined, '', '  ', '<FILLIN>', '<ACCOUNT_PUBKEY_FROM_STEP_ABOVE>'])('%j is none', (value) => expect(accountKeyState(value)).toEqual({ state: 'absent' }));
  test.each([
    [CONSENSUS, 'consensus-key'], [ADDRESS, 'address'], [`gonkavaloper1${'q'.repeat(38)}`, 'address'], [KEY.slice(1), 'not-a-key'], [`${KEY}==`, 'not-a-key'],
    [`B${KEY.slice(1)}`, 'not-a-key'], ['word '.repeat(24), 'not-a-key'],
  ])('%s is named as what it is', (value, kind) => expect(accountKeyState(value)).toEqual({ state: 'wrong', kind }));
  test('every key that a curve gives is accepted, and about half of the mistyped ones are seen', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 31, maxLength: 31 }), fc.integer({ min: 3, max: 43 }), (secret, at) => {
        const ecdh = createECDH('secp256k1');
        ecdh.setPrivateKey(Buffer.concat([Buffer.from([1]), secret]));
        const key = ecdh.getPublicKey('base64', 'compressed');
        expect(accountKeyState(key)).toMatchObject({ state: 'ok', key });
        const state = accountKeyState(key.slice(0, at) + (key[at] === 'z' ? 'y' : 'z') + key.slice(at + 1));
        expect(['ok', 'wrong']).toContain(state.state);
        if (state.state === 'wrong') {
          expect(state.kind).toBe('not-on-curve');
          seen += 1;
        }
      }),
      { numRuns: 200 },
    );
    expect(seen).toBeGreaterThan(60);
  });
});

describe('whose record the chain has', () => {
  const record = { url: 'http://203.0.113.7:8000', validatorKey: CONSENSUS };
  test('our consensus key is ours, whatever the URL', () => expect(recordOwner(record, { consensusKey: CONSENSUS, url: 'http://203.0.113.8:8000' })).toBe('this-host'));
  test('our URL with another consensus key is said as that', () => expect(recordOwner(record, { consensusKey: 'x', url: 'http://203.0.113.7:8000/' })).toBe('this-address'));
  test('neither is another host, also while nothing is known of this one', () => {
    expect(recordOwner(record, { consensusKey: 'x', url: 'http://203.0.113.8:8000' })).toBe('another-host');
    expect(recordOwner(record, {})).toBe('another-host');
    expect(recordOwner({ url: '', validatorKey: '' }, { consensusKey: '', url: '<HOST>' })).toBe('another-host');
  });
});
