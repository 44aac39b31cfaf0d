import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';
import { operationalKeyAddress } from './operational-key-address.ts';
import type { Deployment } from './schema.ts';

/** `gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc` and another one, as a keyring writes them (measured 5). */
const HEX = '1c2d5915c095a208c032fc1977684b6bc8d90cce';
const ADDRESS = 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc';
const OTHER = '00'.repeat(20);
const seen = async () => true;
let base: string;
let dir: string;
const deployment = (values: Record<string, string> = { KEY_NAME: 'gonka-op-key' }): Deployment => ({
  dir, project: {} as Deployment['project'], problems: [], values,
  services: [{ name: 'api', image: '', group: 'network', profiles: [], active: true, dependsOn: [], variables: [], required: [], role: 'api', mounts: [{ source: path.join(dir, '.inference'), target: '/root/.inference', readOnly: false }] }],
});
const keep = async (key: { name: string; address: string }) => {
  const value = JSON.stringify({ ...key, publicKey: 'A', at: 1, phrase: 'shown' });
  await db().setting.upsert({ where: { key: `ml-key:${dir}` }, create: { key: `ml-key:${dir}`, value }, update: { value } });
};
const put = (...names: string[]) => Promise.all(names.map((name) => writeFile(path.join(dir, '.inference/keyring-file', name), '')));

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'key-address-'));
  vi.stubEnv('PANEL_DATA_DIR', base);
  migrate(path.join(base, 'panel.db'), path.join(import.meta.dirname, '../../prisma/migrations'));
});
afterAll(async () => {
  await db().$disconnect();
  vi.unstubAllEnvs();
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  dir = await mkdtemp(path.join(base, 'deploy-'));
  await mkdir(path.join(dir, '.inference/keyring-file'), { recursive: true });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a keyring with one key tells its address without the password', async () => {
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'absent', name: 'gonka-op-key' });
  await put('keyhash', 'gonka-op-key.info', `${HEX}.address`);
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'known', address: ADDRESS, by: 'keyring' });
});

test('of several keys the one that was kept, and none of them without', async () => {
  await put('gonka-op-key.info', 'old.info', `${HEX}.address`, `${OTHER}.address`);
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'unknown', why: 'several' });
  await keep({ name: 'gonka-op-key', address: ADDRESS });
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'known', address: ADDRESS, by: 'keyring' });
  await keep({ name: 'gonka-op-key', address: 'gonka1gone' });
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'unknown', why: 'several' });
});

test('the address of another key was taken for KEY_NAME’s when its own address file was missing', async () => {
  await put('gonka-op-key.info', 'old.info', `${OTHER}.address`);
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'unknown', why: 'several' });
});

test('a keyring of which nothing can be seen: the kept address, of the same name only', async () => {
  await keep({ name: 'gonka-op-key', address: ADDRESS });
  expect(await operationalKeyAddress(deployment(), async () => false)).toEqual({ state: 'known', address: ADDRESS, by: 'kept' });
  expect(await operationalKeyAddress(deployment({ KEY_NAME: 'another' }), async () => false)).toEqual({ state: 'unknown', why: 'unreadable' });
  expect(await operationalKeyAddress(deployment({}), seen)).toEqual({ state: 'unknown', why: 'no_name' });
});

test('a key that was replaced is not the one that was kept', async () => {
  await keep({ name: 'gonka-op-key', address: 'gonka1old' });
  await put('gonka-op-key.info', `${HEX}.address`);
  expect(await operationalKeyAddress(deployment(), seen)).toEqual({ state: 'known', address: ADDRESS, by: 'keyring' });
});
