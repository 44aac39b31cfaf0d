import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSecrets, SECRET_MARK } from '#lib/core/redact.ts';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../../scripts/machine/busybox-image.mjs';
import { findContainer } from './client.ts';
import { lastLines } from './last-lines.ts';

const NAME = `gp-last-lines-${process.pid}`;
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const container = async () => (await findContainer(NAME))!;
const texts = (lines: { line: string }[]) => lines.map(({ line }) => line);
let between = 0;

beforeAll(async () => {
  ensureBusyboxImage();
  docker('run', '-d', '--name', NAME, '--network', 'none', BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', `echo one; printf '\\033[31mtwo\\033[0m\\n'; /bin/busybox sleep 3; echo "three swordfish-of-the-log"; exec /bin/busybox sleep 1000`);
  await sleep(1500);
  between = Date.now();
  while (!docker('logs', NAME).includes('three')) await sleep(200);
});
afterAll(() => docker('rm', '-f', NAME));

test('the last lines, without colours', async () => {
  expect(texts(await lastLines(await container(), { tail: 10 })).slice(0, 2)).toEqual(['one', 'two']);
  expect(texts(await lastLines(await container(), { tail: 1 }))).toHaveLength(1);
});

test('the lines since a moment were none: the engine refused how the moment was written, and nobody saw it', async () => {
  const lines = await lastLines(await container(), { tail: 10, since: between });
  expect(texts(lines)).toEqual(['three swordfish-of-the-log']);
  expect(lines[0]?.at).toBeGreaterThan(between);
});

test('secrets are masked', async () => {
  registerSecrets('last-lines', ['swordfish-of-the-log']);
  expect(texts(await lastLines(await container(), { tail: 1 }))).toEqual([`three ${SECRET_MARK}`]);
  registerSecrets('last-lines', []);
});

test('a container that is gone has no lines', async () => expect(await lastLines({ id: 'f'.repeat(64), tty: false }, { tail: 5 })).toEqual([]));
