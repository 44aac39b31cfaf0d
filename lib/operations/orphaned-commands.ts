import { readdir, readFile } from 'node:fs/promises';
import { PROCESS_MARK } from './process-mark.ts';

const GRACE = 10_000;

async function marked(operationId: string): Promise<number[]> {
  const mark = `${PROCESS_MARK}=${operationId}`;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      if (pid === process.pid) return undefined;
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(mark) ? pid : undefined;
    }),
  );
  return found.filter((pid): pid is number => pid !== undefined);
}

const send = (pids: number[], signal: NodeJS.Signals) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // gone already
    }
  }
};

/** Ends the commands of an operation whose panel was killed: SIGTERM, after 10 s SIGKILL. Returns how many there were. */
export async function endOrphanedCommands(operationId: string, grace = GRACE): Promise<number> {
  const pids = await marked(operationId);
  send(pids, 'SIGTERM');
  let left = pids;
  // Asked by the mark, not by the number: a number may belong to another process by now, and a zombie has no environment.
  for (const until = Date.now() + grace; left.length && Date.now() < until; left = await marked(operationId)) await new Promise((resolve) => setTimeout(resolve, 100));
  send(left, 'SIGKILL');
  return pids.length;
}
