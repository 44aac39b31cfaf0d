import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { operationalKeyFile } from './operational-key-file.ts';
import type { Deployment } from './schema.ts';

let dir: string;
const seen = async () => true;
const deployment = (values: Record<string, string> = { KEY_NAME: 'gonka-op-key' }): Deployment => ({
  dir, project: {} as Deployment['project'], problems: [], values,
  services: [{ name: 'api', image: '', group: 'network', profiles: [], active: true, dependsOn: [], variables: [], required: [], role: 'api', mounts: [{ source: path.join(dir, '.inference'), target: '/root/.inference', readOnly: false }] }],
});
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'keyring-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('present by the file of its name, absent before, unknown where nothing can be seen', async () => {
  expect(await operationalKeyFile(deployment(), seen)).toEqual({ state: 'absent', name: 'gonka-op-key' });
  await mkdir(path.join(dir, '.inference/keyring-file'), { recursive: true });
  await writeFile(path.join(dir, '.inference/keyring-file/another.info'), '');
  expect(await operationalKeyFile(deployment(), seen)).toMatchObject({ state: 'absent' });
  await writeFile(path.join(dir, '.inference/keyring-file/gonka-op-key.info'), '');
  await writeFile(path.join(dir, '.inference/keyring-file/ccfb40e05e17b077ab8ed9c2bcf9c5e0eb1e4ec3.address'), '');
  expect(await operationalKeyFile(deployment(), seen)).toEqual({ state: 'present', name: 'gonka-op-key', names: ['another', 'gonka-op-key'], addresses: ['ccfb40e05e17b077ab8ed9c2bcf9c5e0eb1e4ec3'] });
  expect(await operationalKeyFile(deployment(), async () => false)).toEqual({ state: 'unknown', name: 'gonka-op-key', keyring: path.join(dir, '.inference/keyring-file') });
  expect(await operationalKeyFile(deployment({ KEY_NAME: '<FILLIN>' }), seen)).toEqual({ state: 'unknown' });
});
