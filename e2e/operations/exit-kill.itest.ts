/** The panel is killed (-9) in every step of an exit, one after the other; the list of steps is the product's own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { EXIT } from '#lib/operations/exit.ts';
import { resumeMaintenance } from '#lib/operations/exit-control.ts';
import type { ExitKind, ExitParams } from '#lib/operations/exit-schema.ts';
import { operation } from '#lib/operations/journal.ts';
import type { ReleaseName } from '../network/releases.ts';
import { by, type ExitHost, openExitHost } from './exit-host.ts';
import type { Job, Report } from './panel-child.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let host: ExitHost | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

function panel(job: Job): Promise<{ signal: string | null; report?: Report; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['e2e/operations/panel-child.ts', JSON.stringify({ network: true, ...job }), 'join'], { cwd: ROOT, env: { ...process.env, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const keep = (chunk: Buffer) => {
      said += String(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      const line = said.trim().split('\n').find((one) => one.startsWith('{"recovered"'));
      resolve({ signal, report: line ? (JSON.parse(line) as Report) : undefined, said });
    });
  });
}

async function walk(kind: ExitKind, params: ExitParams, release: ReleaseName, port: number): Promise<void> {
  host = await openExitHost({ release, port });
  let id = '';
  for (const [i, { name }] of EXIT[kind].steps.entries()) {
    // While no panel runs the chain goes on.
    if (name === 'exit-duty') await host.nextSet();
    if (name === 'exit-back') await host.nextSet(true);
    if (name === 'exit-release') await resumeMaintenance(id, by);
    const killed = await panel({ ...(i === 0 ? { start: { kind, params } } : { recover: true }), killAt: { step: name, afterMs: 0, passed: true } });
    expect(killed.signal, `${name}: ${killed.said}`).toBe('SIGKILL');
    id ||= (await host.latest())?.id ?? '';
    const row = await operation(id);
    expect(row?.state, name).toBe('running');
    expect(row?.steps.slice(0, i).every(({ state }) => state === 'done' || state === 'skipped'), name).toBe(true);
    if (name === 'remove-ml') expect(host.disables()).toBe(1);
  }
  const { report, said } = await panel({ recover: true });
  expect(report?.operation, said).toMatchObject({ id, state: 'succeeded' });
  // Nothing was done twice: every container that went, went once.
  const removed = host.record.stops.filter(({ how }) => how === 'removed').map(({ service }) => service);
  expect(removed.length).toBe(new Set(removed).size);
  expect(removed.length).toBeGreaterThan(1);
}

it('a safe exit of v0.2.8, killed in each of its steps, does nothing twice and ends down', () => walk('safe-exit', { scope: 'host' }, '0.2.8', 4623), 600_000);
it.runIf(process.env.TEST_LONG)('a safe exit of v0.2.4, killed in each of its steps, does nothing twice and ends down', () => walk('safe-exit', { scope: 'host' }, '0.2.4', 4625), 600_000);
it.runIf(process.env.TEST_LONG)('a maintenance of the ML nodes, killed in each of its steps, does nothing twice and comes back', () => walk('maintenance', { scope: 'ml-nodes' }, '0.2.8', 4622), 900_000);
it.runIf(process.env.TEST_LONG)('a maintenance of the whole host of v0.2.4, killed in each of its steps, comes back', () => walk('maintenance', { scope: 'host' }, '0.2.4', 4624), 900_000);
