import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bringsHostPath, pathFacts } from './paths.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'path-facts-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const facts = (name: string, inContainer = false) => pathFacts(path.join(scratch, name), inContainer);

it('a directory, with and without entries, a file, a link', async () => {
  mkdirSync(path.join(scratch, 'full'));
  writeFileSync(path.join(scratch, 'full/file'), 'x');
  mkdirSync(path.join(scratch, 'bare'));
  symlinkSync(path.join(scratch, 'full'), path.join(scratch, 'link'));
  const total = { totalBytes: statfsSync(scratch).blocks * statfsSync(scratch).bsize, freeBytes: expect.any(Number), writable: true, ...(statfsSync(scratch).files > 0 ? { inodes: { free: expect.any(Number), total: statfsSync(scratch).files } } : {}) };
  expect(await facts('full')).toEqual({ exists: true, directory: true, empty: false, ...total });
  expect(await facts('bare')).toEqual({ exists: true, directory: true, empty: true, ...total });
  expect(await facts('link')).toMatchObject({ exists: true, directory: true });
  expect(await facts('full/file')).toEqual({ exists: true, directory: false, ...total });
});

it('room and writability of the nearest parent for a path that is not there', async () => {
  const free = statfsSync(scratch).bavail * statfsSync(scratch).bsize;
  const found = await facts('not/yet/there');
  expect(found).toMatchObject({ exists: false, directory: false, writable: true });
  if ('unknown' in found) throw new Error('unknown');
  expect(Math.abs(found.freeBytes - free)).toBeLessThan(1e9);
  expect(await pathFacts('/proc/1/nothing/here', false)).toMatchObject({ exists: false, writable: false });
});

it('what can not be seen is unknown with its reason', async () => {
  writeFileSync(path.join(scratch, 'plain'), '');
  expect(await facts('plain/below')).toEqual({ unknown: 'ENOTDIR' });
  symlinkSync('loop', path.join(scratch, 'loop'));
  expect(await facts('loop')).toEqual({ unknown: 'ELOOP' });
});

it("a container's own file system says nothing about the host's", async () => {
  expect(await pathFacts('/', true)).toEqual({ unknown: 'container' });
  expect(await pathFacts('/nowhere/at/all', true)).toEqual({ unknown: 'container' });
  expect(await pathFacts('/proc/self', true)).toEqual({ unknown: 'container' });
});

it('a mount of the same path is the host, a volume or a tmpfs of that name is not', () => {
  const mountinfo = [
    '500 400 0:50 / / rw - overlay overlay rw',
    '501 500 8:1 /root/gonka/deploy/join /root/gonka/deploy/join rw - ext4 /dev/sda1 rw',
    '502 500 8:1 /var/lib/docker/volumes/p/_data /data rw - ext4 /dev/sda1 rw',
    '503 500 0:60 / /tmp rw - tmpfs tmpfs rw',
    '504 500 8:16 /shared\\040disk /mnt/shared\\040disk rw - xfs /dev/sdb rw',
    '505 500 8:32 / /srv rw - xfs /dev/sdc rw',
    '506 505 0:61 / /srv/scratch rw - tmpfs tmpfs rw',
  ].join('\n');
  for (const place of ['/root/gonka/deploy/join', '/root/gonka/deploy/join/x', '/mnt/shared disk/hub', '/srv/hf']) expect(bringsHostPath(mountinfo, place), place).toBe(true);
  for (const place of ['/', '/root', '/root/gonka/deploy/joint', '/data/hf', '/tmp', '/srv/scratch/x', '/mnt']) expect(bringsHostPath(mountinfo, place), place).toBe(false);
  expect(bringsHostPath('', '/anything')).toBe(false);
});
