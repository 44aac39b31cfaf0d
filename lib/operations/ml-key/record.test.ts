import { expect, it } from 'vitest';
import { type MlKeyRecord, recordAgainstFile } from './record.ts';

const record: MlKeyRecord = { name: 'k', address: 'gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg', publicKey: 'A', at: 1, phrase: 'written' };
const HEX = 'ccfb40e05ef03a757300c4a26e8c95516d1e0276';

it('the remembered key is the one in the keyring only by the address in a file name', () => {
  const against = (file: Parameters<typeof recordAgainstFile>[1]) => recordAgainstFile(record, file);
  expect(against({ state: 'present', name: 'k', addresses: ['00', HEX] })).toBe('same');
  expect(against({ state: 'present', name: 'k', addresses: [`${HEX.slice(0, -1)}0`] })).toBe('other');
  expect(against({ state: 'present', name: 'another', addresses: [HEX] })).toBe('other');
  expect(against({ state: 'absent', name: 'k' })).toBe('gone');
  expect(against({ state: 'absent', name: 'another' })).toBe('other');
  expect(against({ state: 'unknown', name: 'k', keyring: '/x' })).toBe('unknown');
  expect(against({ state: 'unknown', name: 'another' })).toBe('other');
  expect(against(undefined)).toBe('unknown');
});
