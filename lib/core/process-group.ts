import { spawn } from 'node:child_process';

/** `signal`: what ended it, where it was one. `stopped`: why it was stopped, where we stopped it. */
export type GroupEnd = { exitCode: number | null; signal: string | null; stopped?: 'aborted' | 'timeout' };
type Run = {
  cwd: string;
  /** The whole environment of the child; nothing of the panel's own is added. */
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
  timeoutMs: number;
  /** Between SIGTERM and SIGKILL (ms). */
  graceMs: number;
  onData(chunk: Buffer, stream: 'stdout' | 'stderr'): void;
};

/**
 * Runs a program in a process group of its own; abort and timeout end the whole group (SIGTERM, after `graceMs` SIGKILL).
 * Rejects only where it can't be started, with the error of `spawn`: its exit is the caller's to read.
 */
export function runProcessGroup(file: string, args: readonly string[], { cwd, env, signal, timeoutMs, graceMs, onData }: Run): Promise<GroupEnd> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return resolve({ exitCode: null, signal: null, stopped: 'aborted' });
    const child = spawn(file, args, { cwd, env: env as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'pipe'], shell: false });
    let stopped: GroupEnd['stopped'];
    let killTimer: NodeJS.Timeout | undefined;
    const killGroup = (name: NodeJS.Signals) => {
      try {
        if (child.pid) process.kill(-child.pid, name);
      } catch {
        // gone already
      }
    };
    const stop = (why: 'aborted' | 'timeout') => {
      if (stopped) return;
      stopped = why;
      killGroup('SIGTERM');
      killTimer = setTimeout(() => killGroup('SIGKILL'), graceMs);
    };
    const onAbort = () => stop('aborted');
    const deadline = setTimeout(() => stop('timeout'), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => onData(chunk, 'stdout'));
    child.stderr.on('data', (chunk: Buffer) => onData(chunk, 'stderr'));
    const tidy = () => {
      clearTimeout(deadline);
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.on('error', (error) => {
      tidy();
      reject(error);
    });
    child.on('close', (exitCode, killedBy) => {
      // A grandchild may outlive the leader that was stopped.
      if (stopped) killGroup('SIGKILL');
      tidy();
      resolve({ exitCode, signal: killedBy, ...(stopped ? { stopped } : {}) });
    });
  });
}
