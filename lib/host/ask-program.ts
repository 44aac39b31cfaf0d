import { spawn } from 'node:child_process';
import { panelEnv } from '#lib/core/env.ts';
import { singleton } from '#lib/core/singleton.ts';

/** `absent`: there is no such program. `denied`: it may not be run. `out` is its standard output, cut at 256 KB. */
export type ProgramAnswer = { end: 'absent' | 'denied' | 'timeout' } | { end: 'done'; out: string; exit: number | null };

const MOST = 256 * 1024;

/** Programs that haven't ended yet, by command: one that hangs in the kernel doesn't end when it is killed, either. */
const running = () => singleton('host.asked', () => new Map<string, Promise<void>>());

/**
 * Runs a program of this machine that only answers a question. It gets PATH and nothing else of the panel's environment.
 * There is one process of a command at a time: another question waits for it, `timeout` if it doesn't end. Never throws.
 */
export async function askProgram(command: string, args: readonly string[], timeoutMs: number): Promise<ProgramAnswer> {
  const giveUp = performance.now() + timeoutMs;
  for (let before = running().get(command); before; before = running().get(command)) {
    if (!(await endsIn(before, giveUp - performance.now()))) return { end: 'timeout' };
  }
  return run(command, args, timeoutMs);
}

function endsIn(ended: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
  });
  return Promise.race([ended.then(() => true), late]).finally(() => clearTimeout(timer));
}

function run(command: string, args: readonly string[], timeoutMs: number): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const { PATH } = panelEnv().child;
    const child = spawn(command, args, { env: { PATH, LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'ignore'], shell: false });
    if (child.pid !== undefined) {
      running().set(command, new Promise((ended) => {
        child.once('exit', () => {
          running().delete(command);
          ended();
        });
      }));
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (answer: ProgramAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      finish({ end: 'timeout' });
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MOST) chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => finish({ end: error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'absent' : 'denied' }));
    child.on('close', (exit) => finish({ end: 'done', out: Buffer.concat(chunks).toString('utf8'), exit }));
  });
}
