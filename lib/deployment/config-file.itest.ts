import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { fillDisk } from '../../e2e/fill-disk.ts';
import { saveConfigFile } from './config-file.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'config-disk-'));
const mounted: string[] = [];
const run = (file: string, ...args: string[]) => {
  const done = spawnSync(file, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${done.error ?? done.stderr}`);
};
afterEach(() => {
  for (const dir of mounted.splice(0).reverse()) run('umount', dir);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const save = (dir: string, text: string, old: string) => saveConfigFile(dir, 'config.env', { text, expected: sha(old), secret: true });
const OLD = `export KEYRING_PASSWORD=abcdefgh\n${'# a note\n'.repeat(500)}`;
const NEW = `export KEYRING_PASSWORD=other-one\n${'# a note\n'.repeat(20_000)}`;

function directory(): string {
  const dir = mkdtempSync(path.join(scratch, 'join-'));
  chmodSync(scratch, 0o755);
  chmodSync(dir, 0o755);
  return dir;
}

/** A filesystem of 2 MB in a file, with config.env on it. */
function smallDisk(): { dir: string; device: string } {
  const dir = directory();
  const image = `${dir}.img`;
  writeFileSync(image, '');
  truncateSync(image, 2 * 1024 * 1024);
  run('mkfs.ext4', '-q', '-F', '-m', '0', image);
  run('mount', '-o', 'loop', image, dir);
  mounted.push(dir);
  rmSync(path.join(dir, 'lost+found'), { recursive: true });
  writeFileSync(path.join(dir, 'config.env'), OLD, { mode: 0o600 });
  return { dir, device: image };
}

it('a full disk: the file is as it was, nothing is left, and it works again when there is room', async () => {
  const { dir } = smallDisk();
  const filler = path.join(dir, 'filler');
  fillDisk(filler);
  const free = statfsSync(dir).bavail;
  await expect(save(dir, NEW, OLD)).rejects.toMatchObject({ code: 'config_disk_full', params: { file: 'config.env' }, status: 507 });
  expect(readFileSync(path.join(dir, 'config.env'), 'utf8')).toBe(OLD);
  expect(readdirSync(dir).sort()).toEqual(['config.env', 'filler']);
  expect(statfsSync(dir).bavail).toBe(free);
  rmSync(filler);
  expect(await save(dir, NEW, OLD)).toMatchObject({ changed: true, mode: 0o600 });
  expect(readFileSync(path.join(dir, 'config.env'), 'utf8')).toBe(NEW);
});

it('a read-only filesystem: clear words, file untouched', async () => {
  const { dir } = smallDisk();
  run('mount', '-o', 'remount,ro', dir);
  await expect(save(dir, NEW, OLD)).rejects.toMatchObject({ code: 'config_read_only', params: { file: 'config.env', reason: 'EROFS' } });
  expect(readFileSync(path.join(dir, 'config.env'), 'utf8')).toBe(OLD);
});

it('a file that is a mount of its own can not be replaced, and is not written in place', async () => {
  const dir = directory();
  const file = path.join(dir, 'config.env');
  writeFileSync(path.join(scratch, 'outside.env'), OLD, { mode: 0o600 });
  writeFileSync(file, '');
  run('mount', '--bind', path.join(scratch, 'outside.env'), file);
  mounted.push(file);
  await expect(save(dir, NEW, OLD)).rejects.toMatchObject({ code: 'config_file_mounted' });
  expect(readFileSync(path.join(scratch, 'outside.env'), 'utf8')).toBe(OLD);
  expect(readdirSync(dir)).toEqual(['config.env']);
});

it('root keeps the owner of a file that is somebody else’s', async () => {
  const dir = directory();
  const file = path.join(dir, 'config.env');
  writeFileSync(file, OLD, { mode: 0o600 });
  chownSync(file, 12345, 23456);
  expect(await save(dir, NEW, OLD)).toMatchObject({ mode: 0o600, tightened: false });
  expect(statSync(file)).toMatchObject({ uid: 12345, gid: 23456 });
});

/** The same save as a user without rights; what it threw. */
function saveAsNobody(dir: string): { code?: string; params?: Record<string, unknown> } {
  const script = `const { saveConfigFile } = await import(${JSON.stringify(path.join(import.meta.dirname, 'config-file.ts'))});
    const result = await saveConfigFile(${JSON.stringify(dir)}, 'config.env', { text: 'new', expected: ${JSON.stringify(sha(OLD))}, secret: false }).catch((error) => ({ code: error.code, params: error.params }));
    process.stdout.write(JSON.stringify(result));`;
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { cwd: path.join(import.meta.dirname, '../..'), uid: 65534, gid: 65534, encoding: 'utf8', env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv });
  expect(done.stderr).toBe('');
  return JSON.parse(done.stdout);
}

it('without the right to keep the owner, to read the file or to write beside it: refused, each with its words', () => {
  const dir = directory();
  const file = path.join(dir, 'config.env');
  writeFileSync(file, OLD);
  chmodSync(file, 0o666);
  expect(saveAsNobody(dir)).toEqual({ code: 'config_read_only', params: { file: 'config.env', reason: 'EACCES' } });
  chmodSync(dir, 0o777);
  expect(saveAsNobody(dir)).toEqual({ code: 'config_owner', params: { file: 'config.env', uid: 0, gid: 0 } });
  chmodSync(file, 0o600);
  expect(saveAsNobody(dir)).toEqual({ code: 'config_unreadable', params: { file: 'config.env', reason: 'EACCES' } });
  expect(readFileSync(file, 'utf8')).toBe(OLD);
  expect(readdirSync(dir)).toEqual(['config.env']);
  rmSync(file);
  mkdirSync(file);
  expect(saveAsNobody(dir)).toEqual({ code: 'config_not_a_file', params: { file: 'config.env' } });
  expect(existsSync(file)).toBe(true);
});
