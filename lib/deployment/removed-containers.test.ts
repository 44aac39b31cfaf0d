import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const data = mkdtempSync(path.join(tmpdir(), 'panel-removed-'));
process.env.PANEL_DATA_DIR = data;
const { migrate } = await import('#lib/db/migrate.ts');
migrate(path.join(data, 'panel.db'), 'prisma/migrations');
const { singleton } = await import('#lib/core/singleton.ts');
const { rememberRemoved, removalsOf } = await import('./removed-containers.ts');
afterAll(() => rmSync(data, { recursive: true }));

const was = (service: string, file: string) => ({ service, project: 'join', workingDir: '/d', configFiles: [file], oneOff: false as const });
/** As a panel that has just started knows it. */
const anew = (dir: string) => {
  singleton('deployment.removed-containers', () => new Map()).clear();
  return removalsOf(dir);
};

it('what is taken away is remembered over a restart of the panel, the last removal of a service alone, and no one-off container', async () => {
  await rememberRemoved('/d', 'first', [was('mlnode-308', 'old.yml'), was('inference', 'old.yml')]);
  await rememberRemoved('/d', 'second', [was('node', 'a.yml')]);
  await rememberRemoved('/d', 'third', [was('inference', 'new.yml'), { ...was('register', 'a.yml'), oneOff: true }]);
  await rememberRemoved('/d', 'fourth', []);
  expect(await anew('/d')).toEqual([{ by: 'second', containers: [was('node', 'a.yml')] }, { by: 'third', containers: [was('inference', 'new.yml')] }]);
  expect(await anew('/other')).toEqual([]);
});

it('a removal that was cut off in the middle forgot what it had taken away before', async () => {
  await rememberRemoved('/cut', 'exit', [was('proxy-ssl', 'a.yml'), was('node', 'a.yml')]);
  await rememberRemoved('/cut', 'exit', [was('node', 'a.yml')]);
  expect(await anew('/cut')).toEqual([{ by: 'exit', containers: [was('proxy-ssl', 'a.yml'), was('node', 'a.yml')] }]);
});
