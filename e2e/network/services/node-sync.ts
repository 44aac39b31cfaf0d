/** How the node comes to the newest block: state sync, then the blocks since the snapshot, each as slowly or not at all as the network says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { catchUpLines, noSeedLines, stateSyncSteps, syncRateLine } from './node-lines.ts';
import type { NodeSelf } from '../answers/comet-rpc.ts';
import type { View } from '../answers/answer.ts';
import { heightAt } from '../chain.ts';
import { nodeLine, print } from './log.ts';
import { firstView, type WorldLink } from './world-link.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const newest = (view: View) => heightAt(view.world.clock, view.now);

/** What a node that was started before remembers. */
export type Synced = { earliest: number; height?: number };

/** Waits while the network wants the node to stand still here. */
async function whileStalled(link: WorldLink, at: 'snapshots' | 'chunks' | 'blocks', meanwhile?: () => void): Promise<void> {
  for (let said = 0; link.view()?.world.sync.stallsAt === at; said += 250) {
    if (said % 3000 === 0) meanwhile?.();
    await sleep(250);
  }
}

const discovering = () => print(nodeLine('INF', 'sync any', { module: 'statesync', msg: 'Discovering snapshots for 15s' }));

/** Restores a snapshot. Afterwards the node is at its height, or at the newest block unless it is to be behind. */
export async function stateSync(link: WorldLink, self: NodeSelf, seedHost: string, file: string): Promise<void> {
  let view = link.view();
  while (!view) {
    for (const line of noSeedLines(seedHost)) print(line);
    discovering();
    view = await firstView(link, 5000);
  }
  const { sync, stateSyncMs } = view.world;
  const height = sync.blocksBehind ? Math.max(1, newest(view) - sync.blocksBehind) : Math.max(1, Math.floor(newest(view) / 10) * 10 - 10);
  const steps = stateSyncSteps(view, height, sync.chunks);
  for (const [index, step] of steps.entries()) {
    for (const line of step) print(line);
    if (index === 0) await whileStalled(link, 'snapshots', discovering);
    if (index === 4) await whileStalled(link, 'chunks');
    await sleep(stateSyncMs / steps.length);
  }
  self.earliest = height + 1;
  if (sync.blocksBehind) self.behind = height;
  self.syncing = false;
  writeFileSync(file, JSON.stringify({ earliest: self.earliest, ...(self.behind ? { height } : {}) } satisfies Synced));
}

/** Executes the blocks that it lacks. `self.behind` is its height meanwhile, undefined at the newest block. */
export async function catchUp(link: WorldLink, self: NodeSelf, file: string): Promise<void> {
  self.catchingUp = self.behind !== undefined;
  let owed = 0;
  while (self.behind !== undefined) {
    await sleep(100);
    await whileStalled(link, 'blocks');
    const view = link.view();
    if (!view) continue;
    const rate = view.world.sync.blocksPerSecond ?? 20;
    for (owed += rate / 10; owed >= 1 && self.behind < newest(view); owed--) {
      self.behind++;
      for (const line of catchUpLines(view, self.behind)) print(line);
      if (self.behind % 100 === 0) print(syncRateLine(self.behind, newest(view), rate));
    }
    writeFileSync(file, JSON.stringify({ earliest: self.earliest, height: self.behind } satisfies Synced));
    if (self.behind >= newest(view)) self.behind = undefined;
  }
  self.catchingUp = false;
  writeFileSync(file, JSON.stringify({ earliest: self.earliest } satisfies Synced));
}

export const readSynced = (file: string): Synced => JSON.parse(readFileSync(file, 'utf8')) as Synced;

/** What a node in trouble says last (facts 13, rows 7, 8, 9, 50); `stays`: it goes on running, at the height where it was. */
export const TROUBLES = {
  'signing-info': { stays: true, exit: 0, line: () => nodeLine('ERR', 'error in proxyAppConn.FinalizeBlock', { err: 'no validator signing info found', module: 'state' }) },
  'consensus-failure': { stays: true, exit: 0, line: () => nodeLine('ERR', 'CONSENSUS FAILURE!!!', { err: 'wrong Block.Header.AppHash', module: 'consensus' }) },
  'disk-full': { stays: false, exit: 1, line: () => 'panic: write /root/.inference/data/application.db/000123.log: no space left on device' },
  'illegal-instruction': { stays: false, exit: 132, line: () => 'SIGILL: illegal instruction' },
} as const;
