/**
 * A process that does one job with the journal, as the panel would, and prints the operation as JSON. With `killAt` it
 * kills itself (-9) while that step is under way: nothing of it has a chance to tidy up.
 */
import path from 'node:path';
import Database from 'better-sqlite3';
import { panelEnv } from '#lib/core/env.ts';
import { finished, operation, recoverOperations, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { pace } from '#lib/operations/runner.ts';
import type { Kind } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';

export type Job = { start?: { kind: Kind; target?: string }; retry?: string; recover?: boolean; killAt?: { step: string; afterMs: number } };

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
Object.assign(pace, { settleMs: 700, lifeMs: 500 });
surroundOperations({
  phase: async () => ({ known: true, clock: { phase: 'Inference', epoch: 7, at: Date.now() } }),
  membership: async () => 'out',
  ownKey: async () => ({ state: 'unknown', why: 'no network here' }),
});

if (job.killAt) {
  const { step, afterMs } = job.killAt;
  const seen = new Database(path.join(panelEnv().dataDir, 'panel.db'), { readonly: true });
  const query = seen.prepare(step === 'queued' ? "SELECT 1 FROM operation WHERE state = 'queued' AND 'queued' = ?" : "SELECT 1 FROM operation_step WHERE state = 'running' AND name = ?");
  const timer = setInterval(() => {
    if (!query.get(step)) return;
    clearInterval(timer);
    const kill = () => process.kill(process.pid, 'SIGKILL');
    if (afterMs) setTimeout(kill, afterMs);
    else kill();
  }, 1);
}

const by = { user: 'tester', ip: '127.0.0.1' };
let recovered: string[] = [];
if (job.recover) recovered = (await recoverOperations()).interrupted;
let id: string | undefined;
if (job.start) ({ id } = await startOperation({ ...job.start, ...by }));
if (job.retry) ({ id } = await retryOperation(job.retry, by));
if (id) await finished(id);
console.log(JSON.stringify({ recovered: await Promise.all(recovered.map(operation)), operation: id ? await operation(id) : undefined }));
process.exit(0);
