import { expect, it } from 'vitest';
import list from './bip39-english.json' with { type: 'json' };
import { holdsKeyMaterial, keyMaterialIn } from './key-material.ts';

const all = list.words.split(' ');
const phrase = (count: number) => Array.from({ length: count }, (_, i) => all[(i * 397) % all.length] as string);
const hex = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

it('the list is the whole of BIP-39', () => {
  expect(new Set(all).size).toBe(2048);
  expect(all.slice(0, 2).concat(all.slice(-1))).toEqual(['abandon', 'ability', 'zoo']);
});

it.each([12, 15, 18, 21, 24])('a recovery phrase of %i words', (count) => {
  const words = phrase(count);
  for (const text of [`export NOTE='${words.join(' ')}'`, `# ${words.join('\n# ')}`, words.map((word, i) => `${i + 1}. ${word}`).join('\n'), `["${words.join('", "')}"]`, words.join(', ').toUpperCase(), `export MY_NOTE=${words.join('  ')}`]) expect(keyMaterialIn(text), text).toHaveLength(1);
  expect(holdsKeyMaterial({ by: 'values', values: { KEY_NAME: words.join(' ') } })).toBe(true);
  expect(holdsKeyMaterial({ entries: [{ id: 'a', extra: words }] })).toBe(true);
  expect(keyMaterialIn(words.slice(0, 11).join(' '))).toEqual([]);
});

it('private keys', () => {
  for (const text of [`export KEY_NAME=${hex}`, `PRIV=0x${hex.toUpperCase()}`, `# ${hex}`, '-----BEGIN TENDERMINT PRIVATE KEY-----\nabc', '-----BEGIN PRIVATE KEY-----', '-----BEGIN PGP PRIVATE KEY BLOCK-----']) expect(keyMaterialIn(text), text).toHaveLength(1);
});

it('not hashes, image digests, random passwords, public keys and certificates', () => {
  for (const text of [`image@sha256:${hex}`, `export BLOCK_HASH=${hex.toUpperCase()}`, `export CERT_ISSUER_JWT_SECRET=${hex}`, `"auth_token": "${hex}"`, `export KEYRING_PASSWORD='${hex}'`, `ACCOUNT_PUBKEY=${hex}`, `${hex}00`, '-----BEGIN CERTIFICATE-----']) expect(keyMaterialIn(text), text).toEqual([]);
});

it('ports could not be closed: the versions of the files that were shown looked like private keys', () => {
  const shown = { kind: 'close-ports', params: { address: '127.0.0.1', files: [{ name: 'docker-compose.panel-ports.yml', version: hex }, { name: 'docker-compose.panel-ports.mlnode.yml', version: 'absent' }], services: ['api'] } };
  expect(holdsKeyMaterial(shown)).toBe(false);
  expect(holdsKeyMaterial({ ...shown, reason: hex })).toBe(true);
});

it('not ordinary comments', () => {
  for (const text of [
    '# This file is read by the shell before you start the node again, so check every value first and leave this note about what you can change here',
    '# Jaeger and Grafana UIs are disabled by default. Set credentials below first, then set JAEGER_ENABLED=true and/or GRAFANA_ENABLED=true to expose them via proxy.',
    '# you must never use the same address twice; public network access will require more memory than this machine has, please add a second one before you run it',
    '# model: one two three four five six seven eight nine ten eleven twelve',
  ]) expect(keyMaterialIn(text)).toEqual([]);
});
