import os from 'node:os';
import { singleton } from '#lib/core/singleton.ts';
import type { Reading, ReadingError } from '#lib/chain/reading.ts';
import { clock } from '#lib/core/clock.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { hostGpus, type HostGpus } from '#lib/host/gpus.ts';
import { mlNodeGpus } from '#lib/mlnodes/client.ts';
import { apiNodes } from './api-nodes.ts';
import { type CardTarget, cardTargets } from './card-targets.ts';
import { LastGood } from './last-good.ts';

export type Card = { index?: number; name: string; totalMiB?: number; usedMiB?: number; state: 'ok' | 'broken' };
/**
 * One machine with its cards. `from`: who named them. `absent`: nothing here can name cards (no nvidia-smi), which says
 * nothing about whether there are any; `unknown`: asking failed, why is in `error`.
 */
export type CardServer = {
  name: string;
  /** The machine that the panel runs on. */
  here: boolean;
  from: 'nvidia-smi' | 'ml-node';
  state: 'read' | 'stale' | 'absent' | 'unknown';
  /** ms of the reading. */
  at?: number;
  cards: Card[];
  /** GiB of this machine; another one's is not known. */
  ramGiB?: number;
  driver?: string;
  cudaVersion?: string;
  /** Ids of the ML nodes on it, as far as known. */
  nodes: string[];
  error?: ReadingError;
};

const HOST_MS = 15_000;
const NODE_MS = 30_000;
const NODE_TIMEOUT_MS = 4_000;
const MOST_NODES = 32;

/** The machines of this host: this one by nvidia-smi, else by its ML node; the others by their ML nodes. Never throws. */
export async function cardServers(deployment: Deployment | undefined): Promise<CardServer[]> {
  const host = singleton('host-gpus', () => new LastGood<Exclude<HostGpus, { state: 'unknown' }>>('nvidia-smi', HOST_MS));
  const [read, targets] = await Promise.all([
    host.read('', async () => {
      const gpus = await hostGpus();
      return gpus.state === 'unknown' ? { error: gpus.error } : { value: gpus, at: clock.now() };
    }),
    deployment ? targetsOf(deployment).catch(() => []) : [],
  ]);
  const local = targets.filter((one) => one.local);
  const here = { name: os.hostname(), here: true, ramGiB: Math.round((os.totalmem() / 1024 ** 3) * 10) / 10, nodes: local.flatMap(({ nodes }) => nodes) };
  const own = hostServer(here, read);
  const others = targets.filter((one) => !one.local);
  // The driver knows the cards best; without it the ML node in the same project speaks for this machine.
  const [fromNode, ...remote] = await Promise.all([own.state === 'read' || !local[0] ? undefined : nodeServer(local[0], here), ...others.map((target) => nodeServer(target, { name: target.host, here: false, nodes: target.nodes }))]);
  return [fromNode?.cards.length || (own.state === 'absent' && fromNode) ? fromNode : own, ...remote];
}

function hostServer(here: Pick<CardServer, 'name' | 'here' | 'ramGiB' | 'nodes'>, { state, value, at, error }: Reading<Exclude<HostGpus, { state: 'unknown' }>>): CardServer {
  const base = { ...here, from: 'nvidia-smi' as const, ...(at === undefined ? {} : { at }), ...(error ? { error } : {}) };
  if (!value) return { ...base, state: 'unknown', cards: [] };
  if (value.state === 'absent') return { ...base, state: 'absent', cards: [] };
  return {
    ...base, state: state === 'ok' ? 'read' : 'stale', cards: value.gpus.map(({ index, name, totalMiB, usedMiB, state: card }) => ({ index, name, totalMiB, usedMiB, state: card })),
    ...(value.driver ? { driver: value.driver } : {}), ...(value.cudaVersion ? { cudaVersion: value.cudaVersion } : {}),
  };
}

async function nodeServer(target: CardTarget, who: Pick<CardServer, 'name' | 'here' | 'ramGiB' | 'nodes'>): Promise<CardServer> {
  const all = singleton('ml-node-gpus', () => new Map<string, LastGood<Card[]>>());
  if (all.size > 4 * MOST_NODES) all.clear();
  const shared = all.get(target.url) ?? new LastGood<Card[]>('ml-node', NODE_MS);
  all.set(target.url, shared);
  const { state, value, at, error } = await shared.read(target.url, () => mlNodeGpus(target.url, { timeoutMs: NODE_TIMEOUT_MS }));
  return { ...who, from: 'ml-node', state: state === 'ok' ? 'read' : value ? 'stale' : 'unknown', cards: value ?? [], ...(at === undefined ? {} : { at }), ...(error ? { error } : {}) };
}

/** The ML nodes that the api knows; before it runs, those of the file. */
async function targetsOf(deployment: Deployment): Promise<CardTarget[]> {
  const [api, snapshot] = await Promise.all([apiNodes(deployment), engineWatch().snapshot()]);
  const nodes = api.value ?? parseNodeConfig((await readConfigFile(deployment.dir, 'node-config.json')).text ?? '[]').nodes;
  return cardTargets(nodes.slice(0, MOST_NODES), snapshot.containers.filter(({ project }) => project === deployment.project.name), deployment.services.map(({ name }) => name));
}
