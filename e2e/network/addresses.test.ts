import { expect, test } from 'vitest';
import { accountAddress, consensusAddress, consensusKeyBech32, fromBech32, isAccountKey, newAccountKey, operatorAddress, validatorHex } from './addresses.ts';

const ACCOUNT = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';
const VALIDATOR = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';

test('addresses are those that the real programs made of the same keys', () => {
  expect(accountAddress(ACCOUNT)).toBe('gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc');
  expect(operatorAddress('gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc')).toBe('gonkavaloper1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwqhtm74');
  expect(validatorHex(VALIDATOR)).toBe('8F41EBE5DAB467824C32F1037199044ADDE2CE8F');
  expect(consensusAddress(VALIDATOR)).toBe('gonkavalcons13aq7hew6k3ncynpj7yphrxgyftw79n508djxa4');
  expect(consensusKeyBech32('xFuHshVP1HhLRmN3UVJ0xffcTgondMlgBw2ujm2Qolg=')).toBe('gonka1zcjduepqc3dc0vs4fl28sj6xvdm4z5n5chmacns2ya6vjcq8pkhgumvs5fvq58hlzg');
});

test('the words of a refused address are those of the recordings', () => {
  expect(fromBech32('nobody')).toEqual({ error: 'invalid bech32 string length 6' });
  expect(fromBech32('gonka1nonsense')).toEqual({ error: 'invalid character not part of charset: 111' });
});

test('only points of the curve are account keys', () => {
  expect(isAccountKey(ACCOUNT)).toBe(true);
  expect(isAccountKey(VALIDATOR)).toBe(false);
  expect(isAccountKey('gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc')).toBe(false);
  const key = newAccountKey();
  expect(isAccountKey(key.pubKey)).toBe(true);
  expect(key.address).toMatch(/^gonka1[a-z0-9]{38}$/);
});
