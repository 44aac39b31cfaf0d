import { spawn } from 'node:child_process';
import { panelEnv } from '#lib/core/env.ts';

/** `absent`: there is no such program. `denied`: it may not be run. `out` is its standard output, cut at 256 KB. */
export type ProgramAnswer = { end: 'absent' | 'denied' | 'timeout' } | { end: 'done'; out: string; exit: number | null };

const MOST = 256 * 1024;

/** Runs a program of this machine that only answers a question. It gets PATH and nothing else of the panel's environment. Never throws. */
export function askProgram(command: string, args: readonly string[], timeoutMs: number): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const { PATH } = panelEnv().child;
    const child = spawn(command, args, { env: { PATH, LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'ignore'], shell: false });
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
