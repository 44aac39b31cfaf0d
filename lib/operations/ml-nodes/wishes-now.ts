import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import { enabledBy } from './enabled-by.ts';
import { openExit } from './exit.ts';
import { isEnabled } from './list.ts';
import { type Wish, wishes } from './wish.ts';
import type { MlNodeWish } from './schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** A list older than this (ms) says nothing of now. */
const LIST_VALID_MS = 20_000;

/** When each node was seen disabled last (ms), and with which epoch: what tells an api that forgot from a person. In memory only. */
type Seen = { at: number; epoch?: number };
const seenDisabled = () => singleton('operations.ml-nodes-seen', () => new Map<string, Seen>());

type Started = { api?: number; node?: number };

/** How one wish stands. `node` absent: the list doesn't have it; `listed` false: it can't be read. */
export function wishState(wish: Pick<Wish, 'at' | 'asked'>, node: AdminNode | undefined, listed: boolean, seen: Seen | undefined, started: Started): MlNodeWish['state'] {
  if (!listed) return 'unknown';
  if (!node) return 'missing';
  if (!isEnabled(node)) return 'kept';
  if (wish.asked) return 'by_hand';
  const by = enabledBy({
    adminEpoch: node.state.admin?.epoch ?? 0, disabledAt: Math.max(wish.at.getTime(), seen?.at ?? 0), ...(seen?.epoch === undefined ? {} : { disabledEpoch: seen.epoch }),
    ...(started.api === undefined ? {} : { apiStartedAt: started.api }), ...(started.node === undefined ? {} : { nodeStartedAt: started.node }),
  });
  return by === 'restart' ? 'forgotten' : 'by_hand';
}

/** When the containers of api and node were started, as the engine says; absent: unknown or none. */
async function startedAt(of: Deployment): Promise<Started> {
  const { containers } = await engineWatch().snapshot();
  const newest = (role: string): number | undefined => {
    const names = of.services.filter((one) => one.role === role).map(({ name }) => name);
    const times = containers.filter(({ project, service, oneOff, state }) => project === of.project.name && !oneOff && state === 'running' && names.includes(service ?? '')).map((one) => Date.parse(one.startedAt ?? '')).filter(Number.isFinite);
    return times.length > 0 ? Math.max(...times) : undefined;
  };
  const [api, node] = [newest('api'), newest('node')];
  return { ...(api === undefined ? {} : { api }), ...(node === undefined ? {} : { node }) };
}

/** Every ML node that is to stay disabled, and whether it is. Remembers what it saw for the next look. */
export async function wishesNow(of: Deployment): Promise<(MlNodeWish & { asked: boolean })[]> {
  const all = await wishes(of.dir);
  if (all.length === 0) return [];
  const [list, started, exit] = await Promise.all([surroundings().mlNodes(of), startedAt(of), openExit(of)]);
  const listed = list.state === 'ok' && list.at !== undefined && Math.abs(clock.now() - list.at) < LIST_VALID_MS;
  const seen = seenDisabled();
  return all.map((wish) => {
    const node = listed ? list.value?.find(({ id }) => id === wish.nodeId) : undefined;
    const key = `${of.dir}\n${wish.nodeId}`;
    const state = wishState(wish, node, listed, seen.get(key), started);
    // The epoch is that of the disable, so a lower one later means that the api has begun anew.
    if (state === 'kept') seen.set(key, { at: list.at ?? clock.now(), ...(node?.state.admin ? { epoch: node.state.admin.epoch } : {}) });
    const { nodeId, at, by, partOf, asked } = wish;
    return { nodeId, at: at.getTime(), by, ...(partOf ? { partOf } : {}), state, exitRuns: exit !== undefined && partOf === exit.id, asked };
  });
}
