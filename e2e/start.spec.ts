import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { removeData, setUpAndSignIn, standalone, startPanel } from './panel-process.ts';

const PORT = 4020;
const scratch = () => mkdtempSync(path.join(tmpdir(), 'panel-start-'));

test('the first start prints the address, the tunnel and a one-time link; the data directory is private', async () => {
  const panel = await startPanel({ port: PORT });
  expect(panel.output()).toContain(`gonka-panel is ready: http://127.0.0.1:${PORT}`);
  expect(panel.output()).toMatch(new RegExp(`ssh -N -L ${PORT}:127\\.0\\.0\\.1:${PORT} \\S+@\\S+`));
  expect(panel.setupLink()).toMatch(/\/setup\?token=[\w-]{32}$/);
  expect(statSync(panel.dataDir).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(panel.dataDir)) {
    const found = statSync(path.join(panel.dataDir, name));
    expect(`${name} ${(found.mode & 0o077).toString(8)}`).toBe(`${name} 0`);
  }
  await setUpAndSignIn(panel);
  await panel.stop();

  const again = await startPanel({ port: PORT, dataDir: panel.dataDir });
  expect(again.setupLink()).toBeUndefined();
  await again.stop();
  removeData(again);
});

test('npm start serves what was built, again and again, and the panel ends with the npm that started it', async () => {
  const dataDir = scratch();
  const closed = (url: string) => fetch(`${url}/api/health`).then(() => false, () => true);
  for (const first of [true, false]) {
    const panel = await startPanel({ port: PORT, dataDir, command: ['npm', 'start'] });
    expect(panel.setupLink() !== undefined).toBe(first);
    expect(panel.output()).not.toMatch(/Building|Installing/);
    expect((await fetch(`${panel.url}/login`)).status).toBe(200);
    if (first) await setUpAndSignIn(panel);
    await panel.stop();
    await expect.poll(() => closed(panel.url), { timeout: 10_000 }).toBe(true);
  }
  rmSync(dataDir, { recursive: true });
});

test('only loopback listens by default', async () => {
  const panel = await startPanel({ port: PORT });
  const hex = PORT.toString(16).toUpperCase().padStart(4, '0');
  const listeners = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n')).filter((line) => line.includes(`:${hex} `) && / 0A /.test(line));
  expect(listeners.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hex}`]);
  await panel.stop();
  removeData(panel);
});

test.describe('a start that must not happen says why and damages nothing', () => {
  const refused = async (options: { dataDir?: string; env?: Record<string, string>; port?: number }) => {
    const panel = await startPanel({ port: PORT, waitFor: 'exit', ...options });
    expect(await panel.exited).toBe(1);
    expect(panel.output()).not.toMatch(/\n\s+at /);
    return panel.output();
  };

  test('bad variables, one message each', async () => {
    const output = await refused({ env: { PANEL_PORT: 'http', SEED_API_URLS: 'node2', DOCKER_HOST: 'docker' } });
    for (const name of ['PANEL_PORT', 'SEED_API_URLS', 'DOCKER_HOST']) expect(output.match(new RegExp(`${name}: expected`, 'g'))).toHaveLength(1);
  });

  test('a busy port', async () => {
    const other = http.createServer().listen(PORT, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    expect(await refused({})).toContain(`Port ${PORT} on 127.0.0.1 is taken`);
    other.close();
  });

  test('an unwritable data directory', async () => {
    const dir = scratch();
    writeFileSync(path.join(dir, 'file'), 'mine');
    expect(await refused({ dataDir: path.join(dir, 'file', 'data') })).toContain('cannot be written');
    expect(await refused({ dataDir: '/proc/gonka-panel' })).toContain('cannot be written');
    expect(readFileSync(path.join(dir, 'file'), 'utf8')).toBe('mine');
    rmSync(dir, { recursive: true });
  });

  test('a data directory of a newer release', async () => {
    const panel = await startPanel({ port: PORT });
    await panel.stop();
    const file = path.join(panel.dataDir, 'panel.db');
    const database = new Database(file);
    database.prepare("INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '99990101000000_future', 1)").run();
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const before = readFileSync(file);
    expect(await refused({ dataDir: panel.dataDir })).toContain('newer release');
    expect(readFileSync(file).equals(before)).toBe(true);
    removeData(panel);
  });

  test('a second panel on the same data; the first goes on', async () => {
    const first = await startPanel({ port: PORT });
    expect(await refused({ dataDir: first.dataDir, port: PORT + 1 })).toContain('Another panel is running');
    expect((await fetch(`${first.url}/api/health`)).status).toBe(200);
    // Killed, it leaves nothing behind that would hold up the next start.
    await first.stop('SIGKILL');
    const next = await startPanel({ port: PORT, dataDir: first.dataDir });
    await next.stop();
    removeData(next);
  });

  test('open to other machines without an administrator, then without PANEL_ORIGINS', async () => {
    const dataDir = scratch();
    expect(await refused({ dataDir, env: { PANEL_HOST: '0.0.0.0', PANEL_ORIGINS: 'https://panel.example.org' } })).toContain('before an administrator exists');
    const panel = await startPanel({ port: PORT, dataDir });
    await setUpAndSignIn(panel);
    await panel.stop();
    expect(await refused({ dataDir, env: { PANEL_HOST: '0.0.0.0' } })).toContain('PANEL_ORIGINS is not set');
    rmSync(dataDir, { recursive: true });
  });
});

test('SIGTERM with open streams ends in under half a second', async () => {
  const panel = await startPanel({ port: PORT });
  const cookie = await setUpAndSignIn(panel);
  let open = 0;
  let ended = 0;
  for (let i = 0; i < 3; i++) {
    http.get(`${panel.url}/api/services/stream`, { headers: { cookie } }, (response) => {
      if (response.statusCode === 200) open++;
      response.resume();
      response.on('close', () => ended++);
      response.on('error', () => undefined);
    });
  }
  await expect.poll(() => open).toBe(3);
  const took = await panel.stop();
  expect(await panel.exited).toBe(0);
  expect(took).toBeLessThan(500);
  await expect.poll(() => ended).toBe(3);
  removeData(panel);
});

test('the admin command makes an account and resets a password; the password comes on standard input', async () => {
  const dataDir = scratch();
  const admin = (args: string[], input: string) =>
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(standalone, 'admin.mjs'), ...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: process.env.HOME, PANEL_DATA_DIR: dataDir } as unknown as NodeJS.ProcessEnv });
  expect(admin(['create', 'operator'], 'correct horse battery staple\n')).toContain('was created');
  expect(() => admin(['create', 'operator'], 'correct horse battery staple\n')).toThrow(/is taken/);
  expect(() => admin(['create', 'short'], 'x\n')).toThrow(/too short/);
  expect(() => admin(['reset-password', 'nobody'], 'correct horse battery staple\n')).toThrow(/no account/);
  const panel = await startPanel({ port: PORT, dataDir });
  expect(panel.setupLink()).toBeUndefined();
  // A short transaction beside the running panel.
  expect(admin(['reset-password', 'operator'], 'another long password\n')).toContain('was changed');
  const answer = await fetch(`${panel.url}/api/auth/sign-in/username`, { method: 'POST', headers: { origin: panel.url, 'content-type': 'application/json' }, body: JSON.stringify({ username: 'operator', password: 'another long password' }) });
  expect(answer.status).toBe(200);
  await panel.stop();
  await sleep(0);
  removeData(panel);
});
