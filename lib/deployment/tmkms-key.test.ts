import { expect, it } from 'vitest';
import { consensusKeyIn } from './tmkms-key.ts';

const KEY = 'xFuHshVP1HhLRmN3UVJ0xffcTgondMlgBw2ujm2Qolg=';

it('reads the public key that tmkms-pubkey prints', () => {
  expect(consensusKeyIn(`${KEY}\n`)).toBe(KEY);
  expect(consensusKeyIn(`{\n  "@type": "/cosmos.crypto.ed25519.PubKey",\n  "key": "${KEY}"\n}\n`)).toBe(KEY);
  expect(consensusKeyIn(`Pubkey:\\n{"@type":"/cosmos.crypto.ed25519.PubKey","key":"${KEY}"}`)).toBe(KEY);
});

it('nothing else is a key', () => {
  expect(consensusKeyIn('')).toBeUndefined();
  expect(consensusKeyIn('error: key not found')).toBeUndefined();
  expect(consensusKeyIn('{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A4U3G2eY46mwhWx7ZXieT+LetPJhG0jHNuVCQB6wgBZK"}')).toBeUndefined();
  expect(consensusKeyIn(`{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"${KEY}"}`)).toBeUndefined();
  expect(consensusKeyIn(`${KEY}\n/wTVavYr5OCiVssIT3Gc5nsfIH0lP1Rqn/zeQtq4CvQ=\n`)).toBeUndefined();
});
