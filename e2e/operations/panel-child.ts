/**
 * A process that does one job with the journal, as the panel would, and prints the operation as JSON. With `killAt` it
 * kills itself (-9) while that step is under way: nothing of it has a chance to tidy up.
 */
import path from 'node:path';
import Database from 'better-sqlite3';
import { panelEnv } from '#lib/core/env.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { changedFile } from '#lib/deployment/config-change.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import type { NodeConfigEntry } from '#lib/deployment/node-config-schema.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { previewConfig } from '#lib/operations/config/preview.ts';
import { finished, operation, recoverOperations, retryOperation, startConfig, startOperation } from '#lib/operations/journal.ts';
import { startMlNodes } from '#lib/operations/ml-nodes/start.ts';
import { RESET_PHRASES, type ResetPart } from '#lib/operations/reset/schema.ts';
import { resetView, startReset } from '#lib/operations/reset/view.ts';
import { pace } from '#lib/operations/pace.ts';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { statesOf } from './busybox-host.ts';

/** `recover`: what the panel does at its start, then a retry of what was interrupted, or the end of what goes on by itself. */
export type Job = { /** A reset as the page sends it. */ reset?: { part: ResetPart; passphrase?: string }; start?: { kind: Kind; target?: string; /** Of a kind whose target is `none`. */ params?: unknown; /** Of ml-save. */ node?: NodeConfigEntry; /** Of config.env, for save-config and apply-config. */ values?: Record<string, string> }; recover?: boolean; /** The chain answers that this host isn't registered. */ unregistered?: boolean; /** The network is the one that SEED_API_URLS and the own node lead to. */ network?: boolean; killAt?: { step: string; afterMs: number; /** Also when the step is over already: it may take a millisecond. */ passed?: true } };
/** `states`: the containers by the docker CLI, between recovery and retry. `refused`: the code that the retry was refused with. */
export type Report = { recovered: OperationView[]; states: Record<string, string>; operation?: OperationView; refused?: string };

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
Object.assign(pace, { settleMs: 700, lifeMs: 500, proofMs: 15_000, exitMs: 300, exitSoonMs: 100 });
if (job.network) await import('#app/api/operations/surround.ts');
else surroundOperations({
  phase: async () => ({ known: true, clock: { phase: 'Inference', epoch: 7, at: Date.now() } }),
  membership: async () => 'out',
  ownKey: async () => (job.unregistered ? { state: 'not-registered' } : { state: 'unknown', why: 'no network here' }),
  signatures: async () => ({ state: 'known', newest: 1000, gapUnread: false }),
  holders: async () => ({ state: 'ok', value: { addresses: [], of: 'active' } }),
});

if (job.killAt) {
  const { step, afterMs, passed } = job.killAt;
  const at = passed ? "('running', 'done', 'skipped')" : "('running')";
  const seen = new Database(path.join(panelEnv().dataDir, 'panel.db'), { readonly: true });
  const query = seen.prepare(step === 'queued' ? "SELECT 1 FROM operation WHERE state = 'queued' AND 'queued' = ?" : `SELECT 1 FROM operation_step WHERE state IN ${at} AND name = ?`);
  const timer = setInterval(() => {
    if (!query.get(step)) return;
    clearInterval(timer);
    const kill = () => process.kill(process.pid, 'SIGKILL');
    if (afterMs) setTimeout(kill, afterMs);
    else kill();
  }, 1);
}

const by = { user: 'tester', ip: '127.0.0.1' };
const report: Report = { recovered: [], states: {} };
let id: string | undefined;
if (job.recover) {
  const { interrupted, resumed } = await recoverOperations();
  [id] = resumed;
  for (const one of interrupted) report.recovered.push((await operation(one)) as OperationView);
  report.states = statesOf(process.argv[3] ?? '');
  const [left] = report.recovered;
  try {
    if (left) ({ id } = await retryOperation(left.id, by));
  } catch (error) {
    if (!isPanelError(error)) throw error;
    report.refused = error.code;
  }
}
if (job.reset) {
  const of = (await currentDeployment()) as Deployment;
  const listing = (await resetView(of)).parts.find((one) => one.part === job.reset?.part)?.listing;
  ({ id } = await startReset({ ...job.reset, phrase: RESET_PHRASES[job.reset.part], listing }, by));
}
if (job.start?.values) {
  const dir = panelEnv().deployDir as string;
  const { version } = await readConfigFile(dir, 'config.env');
  const change = { by: 'values' as const, version, values: job.start.values };
  const changed = await changedFile(dir, 'env', change);
  const plan = await previewConfig((await currentDeployment()) as Deployment, 'env', change);
  const announced = plan.services.filter((one) => one.change !== 'none').map((one) => one.service);
  ({ id } = await startConfig({ file: 'env', changed, how: 'saved', apply: job.start.kind === 'apply-config', announced, ...by }));
} else if (job.start?.node) ({ id } = await startMlNodes({ kind: 'ml-save', nodes: [job.start.node], ...by }));
else if (job.start) ({ id } = await startOperation({ kind: job.start.kind, target: job.start.target, params: job.start.params, ...by }));
if (id) {
  await finished(id);
  report.operation = await operation(id);
}
console.log(JSON.stringify(report));
process.exit(0);
