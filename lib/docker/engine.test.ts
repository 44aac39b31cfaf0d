import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import { containerRef, listContainers, startContainer } from './client.ts';
import { engineError, engineState, engineTrouble } from './engine.ts';
import { containerEvent, engineWatch, rfc3339 } from './engine-watch.ts';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'gp-engine-'));
let asked: string[] = [];
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void = () => {};
const server = http.createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  answer(request, response);
});
const use = (name: string) => {
  panelEnv().docker.host = `unix://${path.join(dir, name)}`;
};
const json = (response: http.ServerResponse, status: number, body: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

beforeAll(() => new Promise<void>((resolve) => server.listen(path.join(dir, 'fake.sock'), resolve)));
afterEach(() => {
  asked = [];
  answer = () => {};
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

test('no socket, nothing behind it, something else behind it: each its own state and words', async () => {
  use('none.sock');
  expect(await engineState()).toMatchObject({ state: 'absent', socket: path.join(dir, 'none.sock') });
  await expect(listContainers()).rejects.toMatchObject({ code: 'engine_absent', status: 503 });

  // A socket file whose listener died, as a killed engine leaves it.
  const dead = net.createServer().listen(path.join(dir, 'dead.sock'));
  await new Promise((resolve) => dead.once('listening', resolve));
  fs.linkSync(path.join(dir, 'dead.sock'), path.join(dir, 'left.sock'));
  await new Promise((resolve) => dead.close(resolve));
  use('left.sock');
  expect(await engineState()).toMatchObject({ state: 'stopped' });
  await expect(listContainers()).rejects.toMatchObject({ code: 'engine_stopped' });

  use('fake.sock');
  answer = (_, response) => json(response, 500, { message: 'the disk is full' });
  expect(await engineState()).toMatchObject({ state: 'error', detail: 'the disk is full' });
  answer = (_, response) => response.end('<html>');
  expect((await engineState()).state).toBe('error');
  expect(engineTrouble(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe('permission');
  expect(engineError(Object.assign(new Error('x'), { code: 'EACCES' })).code).toBe('engine_permission');
});

test('every code has its words in both languages', () => {
  const codes = ['engine_absent', 'engine_stopped', 'engine_permission', 'engine_error', 'container_unknown', 'container_start_failed', 'container_stop_failed', 'container_restart_failed', 'image_absent', 'one_shot_failed', 'one_shot_timeout', 'docker_cli_absent', 'compose_absent', 'compose_failed', 'compose_dir_absent', 'service_unknown', 'too_many_streams', 'no_deployment'];
  for (const words of [en.errors, zh.errors] as Record<string, unknown>[]) for (const code of codes) expect(Object.keys((words[code] ?? {}) as object), code).toEqual(['what', 'means', 'next']);
});

test('what is no container id never reaches the socket', async () => {
  use('fake.sock');
  for (const bad of ['../images', '..%2f..', 'a/b', '', ' x', 'a?x=1', 'a\n', '-v', `a${'b'.repeat(300)}`]) {
    expect(() => containerRef(bad)).toThrow();
    await expect(startContainer(bad)).rejects.toMatchObject({ code: 'container_unknown', status: 404 });
  }
  expect(asked).toEqual([]);
});

test('a container that vanishes between list and inspect is left out; a start that fails says why', async () => {
  use('fake.sock');
  answer = (request, response) => {
    if (request.url?.startsWith('/containers/json')) return json(response, 200, [{ Id: 'aaa', Names: ['/a'] }, { Id: 'bbb', Names: ['/b'], Ports: [{ IP: '::', PrivatePort: 80, PublicPort: 8000, Type: 'tcp' }] }, { nonsense: true }]);
    if (request.url?.includes('/aaa/json')) return json(response, 404, { message: 'no such container' });
    if (request.url?.includes('/bbb/json')) {
      return json(response, 200, { Id: 'bbb', Name: '/b', Image: 'sha256:1', RestartCount: 2, State: { Status: 'running', StartedAt: '2026-11-23T20:00:00Z', FinishedAt: '0001-01-01T00:00:00Z', ExitCode: 0, Health: { Status: 'healthy' } }, Config: { Image: 'x', Tty: true, Env: ['KEYRING_PASSWORD=Sentinel'], Labels: { 'com.docker.compose.project': 'join', 'com.docker.compose.service': 'api', 'com.docker.compose.oneoff': 'False', 'com.docker.compose.project.config_files': '/a.yml,/b.yml' } }, NetworkSettings: { Networks: { join_default: { IPAddress: '172.18.0.2' } } } });
    }
    json(response, 500, { message: 'driver failed programming external connectivity' });
  };
  const all = await listContainers();
  expect(all).toEqual([
    expect.objectContaining({ id: 'bbb', name: 'b', project: 'join', service: 'api', oneOff: false, state: 'running', health: 'healthy', restartCount: 2, tty: true, configFiles: ['/a.yml', '/b.yml'], networks: [{ name: 'join_default', address: '172.18.0.2' }], ports: [{ host: '::', hostPort: 8000, containerPort: 80, protocol: 'tcp' }] }),
  ]);
  expect(all[0]?.finishedAt).toBeUndefined();
  expect(JSON.stringify(all)).not.toContain('Sentinel');
  await expect(startContainer('bbb')).rejects.toMatchObject({ code: 'container_start_failed', params: { detail: 'driver failed programming external connectivity' } });
});

test('nothing is asked while nobody looks; many lookers are one look', async () => {
  use('fake.sock');
  answer = (request, response) => (request.url === '/version' ? json(response, 200, { Version: '28', ApiVersion: '1.48' }) : json(response, 200, []));
  const looks = await Promise.all(Array.from({ length: 20 }, () => engineWatch().snapshot()));
  expect(new Set(looks).size).toBe(1);
  expect(asked.filter((path) => path.includes('/version'))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('/events'))).toHaveLength(0);
});

test('events: cut lines, foreign kinds and rubbish', () => {
  const event = { Type: 'container', Action: 'die', Actor: { ID: 'abc', Attributes: { name: 'api', exitCode: '137', 'com.docker.compose.project': 'join', 'com.docker.compose.service': 'api', 'com.docker.compose.oneoff': 'False' } }, time: 1_795_464_228, timeNano: 1_795_464_228.387_361e9 };
  expect(containerEvent(JSON.stringify(event))).toMatchObject({ id: 'abc', action: 'die', exitCode: 137, project: 'join', service: 'api', oneOff: false, time: expect.stringMatching(/^2026-11-23T20:03:48\.3873\d{5}Z$/) });
  for (const bad of ['', '{', '[]', '{"Type":"image","Action":"pull","Actor":{"ID":"x"}}']) expect(containerEvent(bad)).toBeUndefined();
  expect(rfc3339(1_795_464_228_000_000_000)).toBe('2026-11-23T20:03:48.000000000Z');
});
