import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Job, Report } from './panel-child.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What became of a panel that may kill itself; `said`: all that it wrote. */
export type Ended = { signal: string | null; report?: Report; said: string };

/** A panel of its own process (panel-child.ts) that does the job on this compose project, and is killed where the job says so. */
export function panelProcess(job: Job, project: string, env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['e2e/operations/panel-child.ts', JSON.stringify(job), project], { cwd: ROOT, env: { ...process.env, ...env, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      const line = out.split('\n').find((one) => one.startsWith('{"recovered"'));
      resolve({ signal, report: line ? (JSON.parse(line) as Report) : undefined, said: err + out });
    });
  });
}
