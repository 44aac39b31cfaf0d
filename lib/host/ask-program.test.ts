/** Programs that answer, and one that can't even be killed. */
import { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { askProgram } from './ask-program.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'gp-ask-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());
function program(name: string, body: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

it('a hung driver got one more nvidia-smi with every look, none of which could be killed', async () => {
  const started = path.join(dir, 'started');
  const command = program('hung', `echo $$ >> '${started}'\n[ "$1" = go ] && exec echo ok\nexec sleep 60`);
  const pids = () => readFileSync(started, 'utf8').trim().split('\n').map(Number);
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  const first = [askProgram(command, [], 1_000), askProgram(command, [], 1_000)];
  expect(await Promise.all(first)).toEqual([{ end: 'timeout' }, { end: 'timeout' }]);
  expect(kill).toHaveBeenCalledTimes(1);
  expect(await askProgram(command, ['go'], 200)).toEqual({ end: 'timeout' });
  expect(pids()).toHaveLength(1);
  // It ends at last: then it is asked again.
  process.kill(pids()[0] as number, 'SIGKILL');
  expect(await askProgram(command, ['go'], 5_000)).toEqual({ end: 'done', out: 'ok\n', exit: 0 });
  expect(pids()).toHaveLength(2);
});

it('several questions to one program are all answered, one after the other', async () => {
  const command = program('echo', 'echo "$1"');
  const answers = await Promise.all(['a', 'b', 'c'].map((word) => askProgram(command, [word], 5_000)));
  expect(answers).toEqual(['a', 'b', 'c'].map((word) => ({ end: 'done', out: `${word}\n`, exit: 0 })));
});

it('a program that isn’t there holds up nobody', async () => {
  const command = path.join(dir, 'nothing');
  expect([await askProgram(command, [], 1_000), await askProgram(command, [], 1_000)]).toEqual([{ end: 'absent' }, { end: 'absent' }]);
});
