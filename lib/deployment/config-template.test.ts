/** The first config.env from upstream's templates, as a real bash reads it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { UPSTREAM } from '../../e2e/network/deployment.ts';
import { changedFile } from './config-change.ts';
import { configTemplate, unfilledVariables } from './config-template.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'config-template-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(scratch, 'join-'));
});

const VALUES = {
  KEY_NAME: 'gonka-a', KEYRING_PASSWORD: `x'a"b$HOME $(id) \\ #! &;| 密码 é`, API_PORT: '8001', PUBLIC_URL: 'http://36.1.2.3:8001', P2P_EXTERNAL_ADDRESS: 'tcp://36.1.2.3:5000', HF_HOME: '/data/hf cache', ACCOUNT_PUBKEY: 'Au+a3CpMj6nqFV6d0tUlVajCTkOP3cxKnps+1/lMv5zY',
  JAEGER_BASIC_AUTH_PASSWORD: '`id` "$(id)" #', GRAFANA_ADMIN_PASSWORD: 'g-g-g-g-g',
};

describe.each(['0.2.4', '0.2.8', '0.2.14'])('the template of %s', (release) => {
  test('filled in, it is a file that bash reads to the end; its other lines stay as they are', async () => {
    cpSync(path.join(UPSTREAM, `v${release}`, 'join/config.env.template'), path.join(dir, 'config.env.template'));
    const { text, before } = await changedFile(dir, 'env', { by: 'values', version: 'absent', values: VALUES });
    expect(before.version).toBe('absent');
    writeFileSync(path.join(dir, 'config.env'), text);
    const sourced = JSON.parse(execFileSync('bash', ['-c', 'set -e; source "$1"; exec "$2" -e "console.log(JSON.stringify(process.env))"', 'bash', path.join(dir, 'config.env'), process.execPath], { encoding: 'utf8', env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv })) as Record<string, string>;
    expect(sourced).toMatchObject({ ...VALUES, NODE_CONFIG: './node-config.json', KEYRING_BACKEND: 'file' });
    const template = readFileSync(path.join(dir, 'config.env.template'), 'utf8').split('\n');
    const kept = template.filter((line) => !Object.keys(VALUES).some((name) => line.includes(`export ${name}=`)));
    expect(kept.filter((line) => !text.split('\n').includes(line))).toEqual([]);
  });
});

test('what is still to be filled in: placeholders, not what is empty or commented out', async () => {
  cpSync(path.join(UPSTREAM, 'v0.2.14/join/config.env.template'), path.join(dir, 'config.env.template'));
  expect([...(await unfilledVariables(dir))]).toEqual(['KEY_NAME', 'KEYRING_PASSWORD', 'PUBLIC_URL', 'P2P_EXTERNAL_ADDRESS', 'ACCOUNT_PUBKEY', 'JAEGER_BASIC_AUTH_PASSWORD', 'GRAFANA_ADMIN_PASSWORD']);
  writeFileSync(path.join(dir, 'config.env'), 'export KEY_NAME=<FILLIN>\nexport POSTGRES_PASSWORD=\n# export A=<FILLIN>\n');
  expect([...(await unfilledVariables(dir))]).toEqual(['KEY_NAME']);
});

test('a variable that the template lacks comes on a line of its own', async () => {
  writeFileSync(path.join(dir, 'config.env.template'), 'export KEYRING_BACKEND=file');
  const { text } = await changedFile(dir, 'env', { by: 'values', version: 'absent', values: { API_PORT: '8001' } });
  expect(text.split('\n').filter(Boolean)).toEqual(['export KEYRING_BACKEND=file', 'export API_PORT=8001']);
});

test('without a template, or with something else under its name, a first file has only what was typed', async () => {
  expect(await configTemplate(dir)).toBe('');
  symlinkSync('/etc/passwd', path.join(dir, 'config.env.template'));
  expect(await configTemplate(dir)).toBe('');
  expect((await changedFile(dir, 'env', { by: 'values', version: 'absent', values: { API_PORT: '8001' } })).text.trim()).toBe('export API_PORT=8001');
});
