/** A host that has weight in the set, and a panel in this process that lets it leave: for the tests of the exit's disturbances. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { connectOperations } from '#app/api/operations/surround.ts';
import { db } from '#lib/db/client.ts';
import { migrate } from '#lib/db/migrate.ts';
import { chooseDeployment } from '#lib/deployment/current.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { exitSeen, lastExit } from '#lib/operations/exit/control.ts';
import type { ExitParams, ExitStage, ExitView } from '#lib/operations/exit/schema.ts';
import { startOperation } from '#lib/operations/journal.ts';
import { pace } from '#lib/operations/pace.ts';
import { closeOperations } from '#lib/operations/runner.ts';
import type { Kind } from '#lib/operations/schema.ts';
import { networkWatch } from '#lib/watch/network-snapshot.ts';
import { type JoinedHost, openJoinedHost } from '../joined-host.ts';
import { effectiveEpoch } from '../network/chain.ts';
import type { ReleaseName } from '../network/releases.ts';
import { stoppedInTheSet } from '../network/stop-record.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const by = { user: 'ann', ip: '192.0.2.7' };
/** A block a second, stages as recorded: validation ends at 20, the set is in force at 22, PoC begins at 60. */
const EPOCH_SECONDS = 60;
export const patience = { timeout: 150_000, interval: 200 };

export type ExitHost = JoinedHost & {
  dataDir: string;
  start(kind: 'safe-exit' | 'maintenance', params: ExitParams): Promise<string>;
  view(id: string): Promise<ExitView>;
  latest(): Promise<ExitView | undefined>;
  /** Waits until the exit is in this stage. */
  stage(id: string, stage: ExitStage): Promise<void>;
  /** Goes to the next set, and waits until it is in force and its validators sign. `takes`: the ML nodes have taken part in its PoC. */
  nextSet(takes?: boolean): Promise<void>;
  epoch(): number;
  /** Somebody restarts a service by hand; `ends`: what stops with it. Those stops aren't the exit's. */
  restart(service: string, ends?: string[]): Promise<void>;
  /** Containers of the deployment by service, with their state. */
  containers(): Record<string, string>;
  /** How often the api was asked to disable a node, by its own log of requests. */
  disables(): number;
};

export const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** Nobody has to be left alone out of politeness any more. */
export function forgetNetwork(): void {
  networkWatch().close();
  for (const name of ['network-watch', 'chain-gateway']) Reflect.deleteProperty(globalThis, Symbol.for(`gonka-panel.${name}`));
}

/** As after a restart of the panel: nothing is remembered, and nobody has to be left alone out of politeness. */
function forgetAll(): void {
  networkWatch().close();
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) if (Symbol.keyFor(symbol)?.startsWith('gonka-panel.')) Reflect.deleteProperty(globalThis, symbol);
}

/** `diskMb`: the panel's data lie on a file system of their own of this size, to be filled. */
export async function openExitHost(options: { release: ReleaseName; port: number; diskMb?: number }): Promise<ExitHost> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'exit-data-'));
  if (options.diskMb) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${options.diskMb}m`, 'tmpfs', dataDir]);
  const host = await openJoinedHost({ release: options.release, port: options.port, epochSeconds: EPOCH_SECONDS });
  Object.assign(process.env, { PANEL_DATA_DIR: dataDir, SEED_API_URLS: host.seed.url });
  Object.assign(pace, { settleMs: 800, lifeMs: 500, exitMs: 400, exitSoonMs: 150, journalMs: 400 });
  migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  connectOperations();
  await chooseDeployment(host.dir);
  const view = (id: string) => exitSeen(id);
  const epoch = () => effectiveEpoch(host.seed.world.clock, host.seed.height());
  return {
    ...host,
    dataDir,
    view,
    latest: lastExit,
    start: async (kind: Kind, params) => (await startOperation({ kind, params, ...by })).id,
    stage: (id, stage) => expect.poll(async () => (await view(id)).stage, patience).toBe(stage),
    epoch,
    restart: async (service, ends = [service]) => {
      docker('stop', '-t', '1', service);
      await expect.poll(() => ends.every((name) => host.record.stops.some((stop) => stop.service === name)), { timeout: 30_000 }).toBe(true);
      // Only now: on a busy machine a node may be back before an api that ends with it has missed it.
      docker('start', service);
      host.record.stops.splice(0);
    },
    nextSet: async (takes = false) => {
      const before = epoch();
      if (takes) host.seed.reportParticipation({ address: host.address, epoch: before + 1, nodes: (await host.nodes()).map(({ id }) => ({ id, model: 'Qwen/Qwen2.5-7B-Instruct' })) });
      host.seed.change({ moveTo: 19 });
      const begins = Math.floor(host.seed.height() / 60) * 60;
      await expect.poll(() => host.seed.height(), { timeout: 20_000, interval: 100 }).toBeGreaterThan(begins + 26);
      expect(epoch()).toBe(before + 1);
      forgetNetwork();
    },
    containers: () => Object.fromEntries(docker('ps', '-a', '--filter', `label=com.docker.compose.project.working_dir=${host.dir}`, '--format', '{{.Label "com.docker.compose.service"}} {{.State}}').split('\n').filter(Boolean).map((row) => row.split(' ') as [string, string])),
    disables: () => docker('logs', 'api').split('\n').filter((line) => /method=POST path=\/admin\/v1\/nodes\/[^/]+\/disable/.test(line)).length,
    close: async () => {
      const early = stoppedInTheSet(host.record.stops);
      closeOperations();
      engineWatch().close();
      await host.close();
      await db().$disconnect();
      forgetAll();
      if (options.diskMb) execFileSync('umount', ['-l', dataDir]);
      rmSync(dataDir, { recursive: true, force: true });
      expect(early).toEqual([]);
    },
  };
}
