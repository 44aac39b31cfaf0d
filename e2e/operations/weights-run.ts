import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { finished, operation, retryOperation, startOperation } from '#lib/operations/journal.ts';
import type { OperationView, Progress } from '#lib/operations/schema.ts';
import { docker } from './busybox-host.ts';

const by = { user: 'ann', ip: '192.0.2.7' };

export const view = async (id: string) => (await operation(id)) as OperationView;
export const detail = (o: OperationView | undefined, name: string) => o?.steps.find((s) => s.name === name)?.detail;
export const startWeights = (params: { model: string; via?: string }) => startOperation({ kind: 'get-weights', params, ...by });
export async function ended(started: Promise<{ id: string }>): Promise<OperationView> {
  const { id } = await started;
  await finished(id);
  return view(id);
}
export const retried = (id: string): Promise<OperationView> => ended(retryOperation(id, by));

/** The first progress of a download that is as asked for. */
export async function progress(id: string, when: (now: Progress) => boolean): Promise<Progress> {
  for (;;) {
    const { progress: now, state, error } = await view(id);
    if (now && when(now)) return now;
    if (state !== 'running' && state !== 'queued') throw new Error(`over as ${state} ${error?.code}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Containers that outlive the panel, with their states. */
export const containers = (): string[] => docker('ps', '-a', '--filter', 'label=gonka-panel.detached', '--format', '{{.Names}} {{.State}}').split('\n').filter(Boolean);
export const bytesIn = (dir: string): number => (existsSync(dir) ? readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0) : 0);
