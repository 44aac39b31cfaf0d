import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import { registerSecrets } from '#lib/core/redact.ts';
import { composeCommand, composeConfig, composeEnvironment, type ComposeProject, runCompose, serviceOperands } from './compose.ts';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'gp-compose-'));
const project: ComposeProject = { name: 'join', dir, files: ['docker-compose.yml', '/x/override.yml'], profiles: ['ssl'], env: { KEYRING_PASSWORD: 'Sentinel-Xyz-99', PORT: '8080' } };

/** In docker's place: writes down its arguments and environment, then does what the test says. */
function fakeDocker(script: string): void {
  fs.writeFileSync(path.join(dir, 'docker'), `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
}
const lines: string[] = [];
const run = (args: string[], options: { signal?: AbortSignal; timeoutMs?: number } = {}) => runCompose(project, args, { onLine: (line, stream) => lines.push(`${stream}: ${line}`), timeoutMs: 20_000, ...options });

beforeAll(() => {
  panelEnv().child = { PATH: `${dir}:/usr/bin:/bin`, HOME: '/root' };
});
afterAll(() => {
  registerSecrets('test', []);
  fs.rmSync(dir, { recursive: true, force: true });
});

test('every file, always, and the same words as shown', () => {
  expect(composeCommand(project, ['up', '-d'])).toEqual(['docker', 'compose', '--progress', 'plain', '--ansi', 'never', '--project-directory', dir, '-p', 'join', '-f', `${dir}/docker-compose.yml`, '-f', '/x/override.yml', '--profile', 'ssl', 'up', '-d']);
});

test('a service name is an operand or it is refused', () => {
  expect(serviceOperands([])).toEqual([]);
  expect(serviceOperands(['node', 'mlnode-308'])).toEqual(['--', 'node', 'mlnode-308']);
  fc.assert(
    fc.property(fc.string(), (name) => {
      try {
        expect(serviceOperands([name])).toEqual(['--', name]);
        expect(name).toMatch(/^[a-zA-Z0-9._-]+$/);
      } catch (error) {
        expect(error).toMatchObject({ code: 'service_unknown' });
      }
    }),
  );
});

test('nothing of the panel’s environment, and no detour to another engine or other files', async () => {
  const env = composeEnvironment({ ...project, env: { A: '1', DOCKER_HOST: 'tcp://evil:1', DOCKER_CONTEXT: 'evil', COMPOSE_FILE: '/evil', COMPOSE_PROFILES: 'ssl', PATH: '/evil', HOME: '/home/op' } });
  expect(env).toEqual({ A: '1', COMPOSE_PROFILES: 'ssl', HOME: '/home/op', PATH: `${dir}:/usr/bin:/bin`, DOCKER_HOST: panelEnv().docker.host });
  fakeDocker('console.log(JSON.stringify({ argv: process.argv.slice(2), env: process.env }))');
  lines.length = 0;
  const nasty = ['up', ';touch x', '$(touch y)', '`z`', 'a\nb', '--', '-v'];
  expect(await run(nasty)).toEqual({ exitCode: 0, signal: null });
  const seen = JSON.parse((lines[0] as string).replace('stdout: ', ''));
  expect(seen.argv.slice(-nasty.length)).toEqual(nasty);
  expect(Object.keys(seen.env).sort()).toEqual(['DOCKER_HOST', 'HOME', 'KEYRING_PASSWORD', 'PATH', 'PORT']);
});

test('lines: masked, without escape codes and overwritten halves, both streams', async () => {
  registerSecrets('test', ['Sentinel-Xyz-99']);
  fakeDocker(`process.stderr.write('\\x1b[2K Container api  Starting\\r\\n10%\\r100%\\n'); process.stdout.write('pw Sentinel-'); setTimeout(() => process.stdout.write('Xyz-99 end'), 30); setTimeout(() => process.exit(3), 60)`);
  lines.length = 0;
  expect(await run(['up'])).toEqual({ exitCode: 3, signal: null });
  expect(lines.toSorted()).toEqual(['stderr:  Container api  Starting', 'stderr: 100%', 'stdout: pw •••••• end']);
});

test('an abort ends the whole process group, a child that ignores SIGTERM too', async () => {
  const pids = path.join(dir, 'pids');
  fakeDocker(`const c = require('node:child_process').spawn('/bin/sh', ['-c', 'trap "" TERM; while true; do sleep 0.2; done'], { stdio: 'ignore' }); require('node:fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + c.pid); setInterval(() => {}, 1000)`);
  const abort = new AbortController();
  const running = run(['up'], { signal: abort.signal });
  while (!fs.existsSync(pids) || !fs.readFileSync(pids, 'utf8').includes(' ')) await sleep(20);
  abort.abort();
  expect(await running).toMatchObject({ exitCode: null, signal: 'SIGTERM', stopped: 'aborted' });
  await sleep(100);
  const alive = fs.readFileSync(pids, 'utf8').split(' ').filter((pid) => fs.existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')));
  expect(alive).toEqual([]);
});

test('too long: stopped and said so', async () => {
  fakeDocker('setInterval(() => {}, 1000)');
  expect(await run(['up'], { timeoutMs: 300 })).toMatchObject({ stopped: 'timeout' });
});

test('no docker, no plugin, no directory, compose’s own words: each its code', async () => {
  fakeDocker(`console.error("docker: 'compose' is not a docker command.\\nSee 'docker --help'"); process.exit(1)`);
  await expect(run(['up'])).rejects.toMatchObject({ code: 'compose_absent' });
  await expect(composeConfig(project)).rejects.toMatchObject({ code: 'compose_absent' });
  fakeDocker(`console.error('time="x" level=warning msg="noise"\\nservices.api.ports must be a list, Sentinel-Xyz-99'); process.exit(15)`);
  await expect(composeConfig(project)).rejects.toMatchObject({ code: 'compose_failed', params: { detail: 'services.api.ports must be a list, ••••••' } });
  fakeDocker(`process.stdout.write(JSON.stringify({ services: { a: { command: 'x'.repeat(200000) + '\\r' } } }))`);
  expect(((await composeConfig(project)) as { services: { a: { command: string } } }).services.a.command).toHaveLength(200_001);
  fs.rmSync(path.join(dir, 'docker'));
  panelEnv().child = { PATH: dir, HOME: '/root' };
  await expect(run(['up'])).rejects.toMatchObject({ code: 'docker_cli_absent' });
  await expect(runCompose({ ...project, dir: path.join(dir, 'not-there') }, ['up'], { onLine: () => {}, timeoutMs: 1000 })).rejects.toMatchObject({ code: 'compose_dir_absent' });
});
