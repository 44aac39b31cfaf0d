import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type ConfigFileName, readConfigFile, saveConfigFile } from './config-file.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'config-file-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let dir = '';
let file = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(scratch, 'join-'));
  file = path.join(dir, 'config.env');
});

const write = (text: string | Buffer, mode = 0o600) => {
  writeFileSync(file, text);
  chmodSync(file, mode);
};
const mode = (of = file) => statSync(of).mode & 0o7777;
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const save = (text: string, expected: string, secret = true, name: ConfigFileName = 'config.env') => saveConfigFile(dir, name, { text, expected, secret });
const failure = (code: string) => expect.objectContaining({ code, params: expect.objectContaining({ file: 'config.env' }) });
const alone = () => expect(readdirSync(dir)).toEqual(['config.env']);

it('reads text and version, and an absent file as absent', async () => {
  expect(await readConfigFile(dir, 'config.env')).toEqual({ text: undefined, version: 'absent' });
  write('export A=é\n', 0o640);
  expect(await readConfigFile(dir, 'config.env')).toEqual({ text: 'export A=é\n', version: sha('export A=é\n'), mode: 0o640, uid: process.getuid?.(), gid: process.getgid?.() });
});

it('replaces the file, keeps its mode and leaves nothing beside it', async () => {
  write('old\n', 0o600);
  expect(await save('new\n', sha('old\n'))).toEqual({ version: sha('new\n'), mode: 0o600, tightened: false, changed: true, newInode: true });
  expect(readFileSync(file, 'utf8')).toBe('new\n');
  expect(mode()).toBe(0o600);
  alone();
});

it('0600 where it holds a secret and others could read; as it was where it holds none', async () => {
  write('old\n', 0o644);
  expect(await save('new\n', sha('old\n'))).toMatchObject({ mode: 0o600, tightened: true });
  expect(mode()).toBe(0o600);
  write('old\n', 0o664);
  expect(await save('new\n', sha('old\n'), false)).toMatchObject({ mode: 0o664, tightened: false });
  expect(mode()).toBe(0o664);
  write('same\n', 0o644);
  expect(await save('same\n', sha('same\n'))).toMatchObject({ tightened: true, changed: false, newInode: true });
  expect(mode()).toBe(0o600);
});

it('writes nothing where nothing changed', async () => {
  write('same\n');
  const { ino, mtimeMs } = statSync(file);
  expect(await save('same\n', sha('same\n'))).toEqual({ version: sha('same\n'), mode: 0o600, tightened: false, changed: false, newInode: false });
  expect(statSync(file)).toMatchObject({ ino, mtimeMs });
});

it('a new file is private where it holds a secret, whatever the umask', async () => {
  expect(await save('new\n', 'absent')).toMatchObject({ mode: 0o600, newInode: false, changed: true });
  expect(mode()).toBe(0o600);
  const before = process.umask(0o077);
  try {
    await save('[]\n', 'absent', false, 'node-config.json');
  } finally {
    process.umask(before);
  }
  expect(mode(path.join(dir, 'node-config.json'))).toBe(0o644);
});

it('refuses a file that was changed, made or removed underneath', async () => {
  write('theirs\n');
  await expect(save('mine\n', sha('old\n'))).rejects.toEqual(failure('config_changed'));
  await expect(save('mine\n', 'absent')).rejects.toMatchObject({ status: 409 });
  expect(readFileSync(file, 'utf8')).toBe('theirs\n');
  alone();
  rmSync(file);
  await expect(save('mine\n', sha('theirs\n'))).rejects.toEqual(failure('config_changed'));
  expect(existsSync(file)).toBe(false);
});

it('a file that changes under a save is refused or replaced whole, never mixed', async () => {
  // Between the last look and the rename a moment stays in which another's write is lost; everything before it is refused.
  write('old 0\n');
  let refused = 0;
  for (let i = 0; i < 30; i++) {
    const { version, text } = await readConfigFile(dir, 'config.env');
    const saving = save(`mine ${i}\n`, version).then(() => true, (error) => {
      expect(error).toEqual(failure('config_changed'));
      return false;
    });
    for (let turn = 0; turn < i % 6; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (i % 6 < 3) writeFileSync(file, `theirs ${i}\n`);
    const saved = await saving;
    if (!saved) {
      refused++;
      expect(readFileSync(file, 'utf8')).toBe(`theirs ${i}\n`);
    } else expect([`mine ${i}\n`, `theirs ${i}\n`]).toContain(readFileSync(file, 'utf8'));
    expect(text).toBeDefined();
  }
  expect(refused).toBeGreaterThan(0);
  alone();
});

it('a link, a directory, a pipe, bytes that are no text and a huge file are refused and stay', async () => {
  writeFileSync(path.join(dir, 'real.env'), 'x\n');
  symlinkSync('real.env', file);
  await expect(readConfigFile(dir, 'config.env')).rejects.toEqual(failure('config_file_symlink'));
  await expect(save('new\n', sha('x\n'))).rejects.toEqual(failure('config_file_symlink'));
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  rmSync(file);
  rmSync(path.join(dir, 'real.env'));
  mkdirSync(file);
  await expect(save('new\n', 'absent')).rejects.toEqual(failure('config_not_a_file'));
  rmSync(file, { recursive: true });
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  await expect(readConfigFile(dir, 'config.env')).rejects.toEqual(failure('config_not_a_file'));
  rmSync(file);
  write(Buffer.from([0x41, 0xff, 0x0a]));
  await expect(readConfigFile(dir, 'config.env')).rejects.toEqual(failure('config_not_text'));
  write('x'.repeat(256 * 1024 + 1));
  await expect(readConfigFile(dir, 'config.env')).rejects.toEqual(failure('config_too_large'));
  write('old\n');
  await expect(save('x'.repeat(256 * 1024 + 1), sha('old\n'))).rejects.toEqual(failure('config_too_large'));
  await expect(save('\ud800', sha('old\n'))).rejects.toEqual(failure('config_not_text'));
  alone();
});

it('a file that nobody may write is read-only, to root too', async () => {
  write('old\n', 0o444);
  await expect(save('new\n', sha('old\n'))).rejects.toEqual(failure('config_read_only'));
  expect([readFileSync(file, 'utf8'), mode()]).toEqual(['old\n', 0o444]);
  alone();
});

it('only the named files, in a directory that is there', async () => {
  await expect(readConfigFile(dir, '../etc/passwd' as ConfigFileName)).rejects.toMatchObject({ code: 'bad_request' });
  await expect(readConfigFile(path.join(dir, 'gone'), 'config.env')).rejects.toMatchObject({ code: 'deploy_dir_not_found', params: { dir: path.join(dir, 'gone') } });
  symlinkSync(dir, path.join(scratch, 'link'));
  write('old\n');
  await saveConfigFile(path.join(scratch, 'link'), 'config.env', { text: 'new\n', expected: sha('old\n'), secret: true });
  expect(readFileSync(file, 'utf8')).toBe('new\n');
});

it('removes what a killed panel left, and nothing else', async () => {
  write('old\n');
  const others = ['.config.env.swp', '.config.env.0123.gonka-panel', '.node-config.json.0123456789abcdef.gonka-panel', 'config.env.0123456789abcdef.gonka-panel'];
  for (const one of [...others, '.config.env.0123456789abcdef.gonka-panel']) writeFileSync(path.join(dir, one), 'x');
  await save('old\n', sha('old\n'));
  expect(readdirSync(dir).sort()).toEqual([...others, 'config.env'].sort());
});

it('kill -9 at any moment leaves the old file or the new one, whole', async () => {
  const module = path.join(import.meta.dirname, 'config-file.ts');
  const script = `const { readConfigFile, saveConfigFile } = await import(${JSON.stringify(module)});
    process.stdout.write('ready');
    for (let i = 0; ; i++) { const { version } = await readConfigFile(${JSON.stringify(dir)}, 'config.env'); await saveConfigFile(${JSON.stringify(dir)}, 'config.env', { text: String(i % 10).repeat(200_000) + '\\n', expected: version, secret: true }); }`;
  write('old\n');
  const { spawn } = await import('node:child_process');
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { cwd: path.join(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 40 + round * 7));
    child.kill('SIGKILL');
    await ended;
    const text = readFileSync(file, 'utf8');
    expect(text === 'old\n' || /^(\d)\1{199999}\n$/.test(text)).toBe(true);
    expect(mode()).toBe(0o600);
  }
  const { version } = await readConfigFile(dir, 'config.env');
  await save('after\n', version);
  alone();
});
