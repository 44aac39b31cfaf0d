import { expect, it } from 'vitest';
import { isLocalHost, VALUE_RULES } from './value-rules.ts';

const code = (name: string, value: string) => VALUE_RULES[name]?.(value)?.code;
const base64 = (...bytes: number[]) => Buffer.from([...bytes, ...new Array(33).fill(7)].slice(0, bytes[0] === 0 ? 32 : 33)).toString('base64');

it('account keys and the usual mix-ups (facts 8.1, measured 8 and 9)', () => {
  expect(code('ACCOUNT_PUBKEY', 'A4U3G2eY46mwhWx7ZXieT+LetPJhG0jHNuVCQB6wgBZK')).toBeUndefined();
  expect(code('ACCOUNT_PUBKEY', base64(2))).toBeUndefined();
  expect(code('ACCOUNT_PUBKEY', '/wTVavYr5OCiVssIT3Gc5nsfIH0lP1Rqn/zeQtq4CvQ=')).toBe('account_key_consensus');
  expect(code('ACCOUNT_PUBKEY', 'gonka1eq4f5p32ewkekf9rv5f0qjsa0xaepckmgl85kr')).toBe('account_key_address');
  expect(code('ACCOUNT_PUBKEY', base64(4))).toBe('account_key_invalid');
  expect(code('ACCOUNT_PUBKEY', 'gonka-account-key')).toBe('account_key_invalid');
});

it('addresses', () => {
  expect(code('P2P_EXTERNAL_ADDRESS', 'tcp://203.0.113.7:5000')).toBeUndefined();
  expect(code('P2P_EXTERNAL_ADDRESS', 'tcp://[2001:db8::7]:5000')).toBeUndefined();
  expect(code('P2P_EXTERNAL_ADDRESS', 'http://203.0.113.7:5000')).toBe('p2p_http');
  expect(code('P2P_EXTERNAL_ADDRESS', 'tcp://host')).toBe('p2p_invalid');
  expect(code('P2P_EXTERNAL_ADDRESS', 'tcp://host:99999')).toBe('p2p_invalid');
  expect(code('P2P_EXTERNAL_ADDRESS', 'tcp://10.1.2.3:5000')).toBe('p2p_private');
  expect(code('PUBLIC_URL', 'https://gonka.example.org')).toBeUndefined();
  expect(code('PUBLIC_URL', 'http://192.168.1.2:8000')).toBe('public_url_private');
  expect(code('PUBLIC_URL', 'http://localhost:8000')).toBe('public_url_private');
  expect(code('PUBLIC_URL', 'not-a-url')).toBe('public_url_invalid');
  expect(code('KEYRING_PASSWORD', 'seven77')).toBe('password_short');
  expect(code('KEYRING_PASSWORD', 'eight888')).toBeUndefined();
});

it('local hosts in every spelling', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.0.1', '169.254.169.254', '[::1]', '[fd00::1]', '[fe80::1]', 'a.localhost']) expect(isLocalHost(host), host).toBe(true);
  for (const host of ['172.32.0.1', '8.8.8.8', '[2001:db8::1]', 'node2.gonka.ai', 'fdic.gov']) expect(isLocalHost(host), host).toBe(false);
});
