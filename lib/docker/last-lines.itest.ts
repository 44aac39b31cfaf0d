import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSecrets, SECRET_MARK } from '#lib/core/redact.ts';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../../scripts/machine/busybox-image.mjs';
import { lastLines } from './last-lines.ts';

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
let id: string;
beforeAll(async () => {
  await ensureBusyboxImage(process.env);
  id = docker('run', '-d', BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', 'i=0; while [ $i -lt 900 ]; do i=$((i+1)); echo "n $i"; done; /bin/busybox sleep 0.2; echo last');
  docker('wait', id);
});
afterAll(() => void docker('rm', '-f', id));
const read = (wanted: { tail: number; since?: number }) => lastLines({ id, tty: false }, wanted);

test('the lines since a look of long ago were read without bound', async () => {
  const lines = await read({ tail: 100, since: Date.now() - 3_600_000 });
  expect([lines.length, lines[0]?.line, lines.at(-1)?.line]).toEqual([100, 'n 802', 'last']);
});

test('no line since a moment was ever found: the engine refused the moment', async () => {
  const [last] = (await read({ tail: 1 })) as [{ at: number; line: string }];
  expect((await read({ tail: 500, since: last.at - 50 })).map(({ line }) => line)).toEqual(['last']);
});

test('no colours, and no secret', async () => {
  const coloured = docker('run', '-d', BUSYBOX_IMAGE, '/bin/busybox', 'printf', '\\033[31mred\\033[0m swordfish-of-the-log\\n');
  docker('wait', coloured);
  registerSecrets('last-lines', ['swordfish-of-the-log']);
  try {
    expect((await lastLines({ id: coloured, tty: false }, { tail: 5 })).map(({ line }) => line)).toEqual([`red ${SECRET_MARK}`]);
  } finally {
    registerSecrets('last-lines', []);
    docker('rm', '-f', coloured);
  }
});

test('a container that is gone has no lines', async () => expect(await lastLines({ id: 'f'.repeat(64), tty: false }, { tail: 5 })).toEqual([]));
