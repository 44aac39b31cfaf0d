/** The panel is killed (-9) in every step of an exit, one after the other; the list of steps is the product's own. */
import { afterEach, expect, it } from 'vitest';
import { EXIT } from '#lib/operations/exit/exit.ts';
import { resumeMaintenance } from '#lib/operations/exit/control.ts';
import type { ExitKind, ExitParams } from '#lib/operations/exit/schema.ts';
import { operation } from '#lib/operations/journal.ts';
import type { ReleaseName } from '../network/releases.ts';
import { by, type ExitHost, openExitHost } from './exit-host.ts';
import { panelProcess } from './killed-panel.ts';
import type { Job } from './panel-child.ts';

let host: ExitHost | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

const panel = (job: Job) => panelProcess({ network: true, ...job }, 'join');

async function walk(kind: ExitKind, params: ExitParams, release: ReleaseName, port: number): Promise<void> {
  host = await openExitHost({ release, port });
  let id = '';
  let end: Awaited<ReturnType<typeof panel>> | undefined;
  for (const [i, { name }] of EXIT[kind].steps.entries()) {
    // While no panel runs the chain goes on.
    if (name === 'exit-duty') await host.nextSet();
    if (name === 'exit-back') await host.nextSet(true);
    if (name === 'exit-release') await resumeMaintenance(id, by);
    const killed = await panel({ ...(i === 0 ? { start: { kind, params } } : { recover: true }), killAt: { step: name, afterMs: 0, passed: true } });
    // The last step takes a millisecond: whoever missed it must find that all was done.
    if (i === EXIT[kind].steps.length - 1 && killed.signal !== 'SIGKILL') {
      end = killed;
      break;
    }
    expect(killed.signal, `${name}: ${killed.said}`).toBe('SIGKILL');
    id ||= (await host.latest())?.id ?? '';
    const row = await operation(id);
    expect(row?.state, name).toBe('running');
    expect(row?.steps.slice(0, i).every(({ state }) => state === 'done' || state === 'skipped'), name).toBe(true);
    if (name === 'remove-ml') expect(host.disables()).toBe(1);
  }
  const { report, said } = end ?? (await panel({ recover: true }));
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
