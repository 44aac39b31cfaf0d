/** The check against a real log at a real engine: a container that prints what a proxy would. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '#lib/db/migrate.ts';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../../scripts/machine/busybox-image.mjs';
import { outsideCheck } from './outside-check.ts';

const URL = 'http://203.0.113.7:8000';
const dataDir = mkdtempSync(path.join(tmpdir(), 'gp-outside-'));
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
let id: string;
const look = (url = URL) => outsideCheck('/deploy', url, { id, tty: false }, ['192.168.7.2']);
/** A line of the proxy's log: `address` asked with `token`. */
const asks = (address: string, token: string, status = 200) => docker('exec', id, '/bin/busybox', 'sh', '-c', `echo '${address} - - [x] "GET /v1/status?check=${token} HTTP/1.1" ${status} 9 "-"' > /proc/1/fd/1`);

beforeAll(async () => {
  await ensureBusyboxImage(process.env);
  process.env.PANEL_DATA_DIR = dataDir;
  migrate(path.join(dataDir, 'panel.db'), path.resolve(import.meta.dirname, '../../prisma/migrations'));
  id = docker('run', '-d', BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', 'echo banner; exec /bin/busybox sleep 600');
});
afterAll(() => {
  docker('rm', '-f', id);
  rmSync(dataDir, { recursive: true, force: true });
});

it('a request that came after the first look was never found', async () => {
  const { token, seen } = await look();
  expect(seen).toBeUndefined();
  asks('203.0.113.7', token);
  expect(await look()).toMatchObject({ token, inside: { address: '203.0.113.7' } });
  asks('198.51.100.9', token, 502);
  const refused = await look();
  expect([refused.seen, refused.refused?.address, refused.refused?.status]).toEqual([undefined, '198.51.100.9', 502]);
  asks('198.51.100.9', token);
  expect(await look()).toMatchObject({ token, seen: { address: '198.51.100.9', status: 200 } });
});

it('two browsers that looked at once wrote over what the other had found', async () => {
  const [one, other] = await Promise.all([look(), look()]);
  expect(one).toBe(other);
  expect(await look()).not.toBe(one);
});

it('another address begins anew: the request to the old one proves nothing', async () => {
  const { token } = await look();
  const other = await look('http://203.0.113.8:8000');
  expect([other.token === token, other.seen]).toEqual([false, undefined]);
});
