import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { versionOfText } from './config-file.ts';
import { changedFile, changedNames, envOfText } from './config-change.ts';
import { configRows } from './config-rows.ts';
import { variableProblems } from './variable-checks.ts';

const JWT = 'dGhpc2lzYXZlcnlTZWNyZXRKd3RLZXk';
const changed = (old: string, now: string) => changedNames('env', old, now, '/srv');

describe('pieces of secrets were given as names of changed variables', () => {
  it.each([
    [`export SERVER_NAME=it's\nexport CERT_ISSUER_JWT_SECRET=${JWT}==\n`, `export SERVER_NAME=its\nexport CERT_ISSUER_JWT_SECRET=${JWT}==\n`, ['CERT_ISSUER_JWT_SECRET', 'SERVER_NAME']],
    ['export KEYRING_PASSWORD=Abc&Secret12=\n', "export KEYRING_PASSWORD='Abc&Secret12='\n", ['KEYRING_PASSWORD']],
    [`export CERT_ISSUER_JWT_SECRET=${JWT}== && export A=1\n`, `export CERT_ISSUER_JWT_SECRET=${JWT}==\nexport A=1\n`, ['A', 'CERT_ISSUER_JWT_SECRET']],
    ['export KEYRING_PASSWORD=abcd;Xyz9=1\n', "export KEYRING_PASSWORD='abcd;Xyz9=1'\n", ['KEYRING_PASSWORD']],
    ['export A=1 )\nexport KEYRING_PASSWORD=correct horse battery\n', "export A=1\nexport KEYRING_PASSWORD='correct horse battery'\n", ['A', 'KEYRING_PASSWORD']],
  ])('%j', (old, now, names) => {
    expect(changed(old, now)).toEqual(names);
    expect(changed(now, old)).toEqual(names);
  });
});

it('a piece of a password without quotes was a row of the form', () => {
  const env = envOfText('export KEYRING_PASSWORD=abcd;Xyz9=1\nexport PORT=1\n', '/srv');
  expect(configRows({ env, dotEnv: {}, services: [], problems: [], fallbacks: {}, readOnly: () => undefined }).map((row) => [row.name, row.value])).toEqual([['KEYRING_PASSWORD', undefined], ['PORT', '1']]);
});

it('a piece of a password without quotes was named as an invalid name', () => {
  const problems = variableProblems({ env: envOfText('export KEYRING_PASSWORD=correct horse-bat=3\n', '/srv'), dotEnv: {}, services: [], given: [] });
  expect(problems.filter((one) => one.code === 'config_invalid_name')).toMatchObject([{ params: { name: '…' } }]);
});

describe('a recovery phrase reached the file', () => {
  const phrase = 'abandon ability able about above absent absorb abstract absurd abuse access accident';
  const old = 'export KEY_NAME=a\n';
  const dir = mkdtempSync(path.join(tmpdir(), 'phrase-'));
  writeFileSync(path.join(dir, 'config.env'), old);
  const change = (given: object) => changedFile(dir, 'env', { version: versionOfText(old), ...given } as never);
  it('typed as a value, in text, over lines', async () => {
    const refused = expect.objectContaining({ code: 'config_mnemonic', params: {} });
    await expect(change({ by: 'values', values: { KEY_NAME: phrase } })).rejects.toEqual(refused);
    await expect(change({ by: 'values', values: { KEYRING_PASSWORD: phrase.replaceAll(' ', '\n') } })).rejects.toEqual(refused);
    await expect(change({ by: 'text', text: `${old}# ${phrase}\n` })).rejects.toEqual(refused);
    await expect(change({ by: 'values', values: { KEY_NAME: phrase.split(' ').slice(0, 5).join(' ') } })).resolves.toMatchObject({ changed: ['KEY_NAME'] });
  });
  it('one that was there before can be taken out, and keeps nobody from editing', async () => {
    const there = `${old}# ${phrase}\n`;
    const dir = mkdtempSync(path.join(tmpdir(), 'phrase-'));
    writeFileSync(path.join(dir, 'config.env'), there);
    await expect(changedFile(dir, 'env', { by: 'values', version: versionOfText(there), values: { KEY_NAME: 'b' } })).resolves.toMatchObject({ changed: ['KEY_NAME'] });
    await expect(changedFile(dir, 'env', { by: 'text', version: versionOfText(there), text: old })).resolves.toMatchObject({ text: old });
  });
});
