import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { ensureBaseImage } from '../scripts/machine/base-image.mjs';
import { runOperation, saveConfig } from './operate.ts';
import { ADMIN, post, root, signIn } from './panel-process.ts';
import { type HostWorld, openHostWorld } from './world.ts';

const PORT = 4070;
const PROJECT = 'gonka-panel-e2e';
const socket = process.env.DOCKER_HOST?.replace('unix://', '') ?? '';
let world: HostWorld;

function compose(...args: string[]): string {
  return execFileSync('docker', ['compose', '-p', PROJECT, '-f', 'docker-compose.panel.yml', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
    env: { ...process.env, DOCKER_SOCKET: socket, GONKA_DEPLOY_DIR: world.dir, PANEL_PORT: String(PORT), SEED_API_URLS: world.seed.url } as NodeJS.ProcessEnv,
  });
}

test.beforeAll(async () => {
  test.setTimeout(900_000);
  world = await openHostWorld({ release: '0.2.8', seedPort: 4071, epochSeconds: 120 });
  const cache = path.join(root, '.test/image');
  mkdirSync(cache, { recursive: true });
  ensureBaseImage('node:24-trixie-slim', cache);
  compose('build');
});
test.afterAll(async () => {
  if (!world) return;
  spawnSync('docker', ['compose', '-p', PROJECT, '-f', 'docker-compose.panel.yml', 'down', '-v'], { cwd: root, env: { ...process.env, DOCKER_SOCKET: socket, GONKA_DEPLOY_DIR: world.dir } as NodeJS.ProcessEnv });
  await world.close();
});

test('the built image starts beside the node, serves on loopback and drives the engine', async () => {
  test.setTimeout(300_000);
  compose('up', '-d');
  const panel = { url: `http://127.0.0.1:${PORT}` } as Parameters<typeof signIn>[0];
  let log = '';
  for (let i = 0; i < 120 && !log.includes('setup?token='); i++) {
    await sleep(500);
    log = compose('logs', '--no-color', 'panel');
  }
  const token = /setup\?token=([\w-]+)/.exec(log)?.[1];
  expect(log).toContain(`gonka-panel is ready: ${panel.url}`);
  expect((await post(panel, '/api/setup', { token, ...ADMIN })).status).toBe(200);
  const cookie = await signIn(panel);

  const services = (await (await fetch(`${panel.url}/api/services`, { headers: { cookie } })).json()) as { engine: { state: string }; deployment: { dir: string; release: string }; services: { name: string }[] };
  expect(services.engine.state).toBe('ok');
  expect(services.deployment).toMatchObject({ dir: world.dir, release: '0.2.8' });
  expect(services.services.map((service) => service.name)).toEqual(expect.arrayContaining(['tmkms', 'node', 'api']));

  // What fetches the deployment files and tells local changes.
  expect(compose('exec', '-T', 'panel', 'git', '--version')).toMatch(/^git version 2\.(?:3[1-9]|[4-9]\d)/);
  await runOperation(panel, cookie, { kind: 'launch-chain' });
  const running = execFileSync('docker', ['ps', '--format', '{{.Names}}'], { encoding: 'utf8' }).split('\n');
  expect(running).toEqual(expect.arrayContaining(['tmkms', 'node']));

  const network = (await (await fetch(`${panel.url}/api/network`, { headers: { cookie } })).json()) as { ownNode: { state: string } };
  expect(['ok', 'unknown', 'stale']).toContain(network.ownNode.state);
  await expect.poll(async () => ((await (await fetch(`${panel.url}/api/network`, { headers: { cookie } })).json()) as { ownNode: { state: string } }).ownNode.state, { timeout: 60_000 }).toBe('ok');

  // An operator who isn't root owns the file; the container's root may give it back to nobody without the right to.
  const env = path.join(world.dir, 'config.env');
  chownSync(env, 1000, 1000);
  chmodSync(env, 0o640);
  await saveConfig(panel, cookie, { values: { API_PORT: '8011' } });
  const { uid, gid, mode } = statSync(env);
  expect({ uid, gid, mode: (mode & 0o777).toString(8) }).toEqual({ uid: 1000, gid: 1000, mode: '600' });
  expect(readFileSync(env, 'utf8')).toContain('export API_PORT=8011');

  const [container] = JSON.parse(execFileSync('docker', ['inspect', `${PROJECT}-panel-1`], { encoding: 'utf8' })) as { HostConfig: Record<string, unknown> }[];
  expect(container?.HostConfig).toMatchObject({ ReadonlyRootfs: true, NetworkMode: 'host', CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'], Privileged: false });
  const started = performance.now();
  compose('stop', '-t', '10');
  expect(performance.now() - started).toBeLessThan(8000);
});
