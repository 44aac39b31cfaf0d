/** What the page says about the start of the chain: log lines, RPC and container facts put together. Pure; every time in ms of the server's clock. */
import type { StateWord } from '../ui/state.tsx';
import { blockRate, type SyncRead } from './sync-progress.ts';

export type ContainerNow = { state: string; health?: string; restarts: number; startedAt?: string; exitCode?: number; error?: string };
export type OwnStatus = { height: number; catchingUp: boolean; synced: boolean; blockTime?: number; peers?: number; at: number; stale?: boolean };
export type NetworkHeight = { height: number; at: number; source: string; secondsPerBlock?: number };

export type ChainNow = { tmkms?: ContainerNow; node?: ContainerNow; status?: OwnStatus; network?: NetworkHeight };

export type Words = { word: string; params: Record<string, string | number> };
export type StepName = 'tmkms' | 'setup' | 'snapshot' | 'blocks' | 'synced';
export type StepState = StateWord | 'waiting' | 'passed';
export type SyncStep = Words & { name: StepName; state: StepState };
export type CatchingUp = { height: number; target?: number; left?: number; rate?: number; etaMs?: number };

export type SyncView = {
  /** The page's headline: key under `startChain.doing`. */
  doing: Words & { state: StateWord };
  steps: SyncStep[];
  /** 0..1 of the state-sync chunks or of the way to the newest block. */
  share?: number;
  catchingUp?: CatchingUp;
  /** Nothing moved for too long: key under `startChain.stalled`. */
  stalled?: Words;
  trouble?: SyncRead['trouble'];
  synced: boolean;
};

/** How long a stage may stand still before it is called stalled, in ms. */
const PATIENCE: Partial<Record<SyncRead['stage'], number>> = { initialising: 120_000, starting: 300_000, signer: 30_000, discovering: 120_000, restoring: 300_000, verifying: 600_000, restored: 180_000, blocks: 60_000 };
/** A node this near the newest block of the network follows it; a height that was carried on by the block time may be a fifth wrong. */
const NEAR = 5;
const DRIFT = 0.2;

/** The newest block of the network at `now`: the seed's, carried on by its block time, or what the node's peers offer. */
export function targetHeight(now: number, network: NetworkHeight | undefined, peersHeight: number | undefined): number | undefined {
  const carried = network && Math.floor(network.height + (network.secondsPerBlock ? Math.max(0, now - network.at) / 1000 / network.secondsPerBlock : 0));
  const best = Math.max(carried ?? 0, peersHeight ?? 0);
  return best > 0 ? best : undefined;
}

/** Distance, speed and remaining time; the network goes on meanwhile, so only the gain counts. */
export function catchingUp(read: SyncRead, chain: ChainNow, now: number): CatchingUp {
  const height = Math.max(chain.status?.height ?? 0, read.height ?? 0);
  const seen = targetHeight(now, chain.network, read.peersHeight);
  // A seed is asked rarely: the own node may know newer blocks than it said.
  const target = seen === undefined ? undefined : Math.max(seen, height);
  const rate = blockRate(read.heights);
  const left = target === undefined ? undefined : target - height;
  const gain = rate === undefined ? undefined : rate - (chain.network?.secondsPerBlock ? 1 / chain.network.secondsPerBlock : 0);
  const etaMs = left !== undefined && gain !== undefined && gain > 0.05 ? (left / gain) * 1000 : undefined;
  return { height, target, left, rate, etaMs };
}

const ORDER: StepName[] = ['tmkms', 'setup', 'snapshot', 'blocks', 'synced'];

export function syncView(read: SyncRead, chain: ChainNow, now: number): SyncView {
  const trouble = read.trouble;
  const tmkms = tmkmsStep(chain.tmkms);
  const node = chain.node;
  if (!node || node.state === 'created') return at('setup', tmkms, doing(node?.error ? 'broken' : 'unknown', node?.error ? 'cannotStart' : 'notStarted', { detail: node?.error ?? '' }), { synced: false, trouble });
  if (node.state === 'restarting' || (node.state === 'running' && trouble && node.restarts > 1)) {
    return at('setup', tmkms, doing('broken', 'failing', { restarts: node.restarts, code: node.exitCode ?? 0 }), { synced: false, trouble });
  }
  if (node.state !== 'running') return at('setup', tmkms, doing('broken', 'stopped', { code: node.exitCode ?? 0 }), { synced: false, trouble });

  const status = chain.status && !chain.status.stale ? chain.status : undefined;
  const up = catchingUp(read, chain, now);
  const behind = status !== undefined && isBehind(status, chain.network, read.peersHeight);
  if (status?.synced && !behind) {
    const known = up.target !== undefined;
    return { ...at('synced', tmkms, doing(known ? 'ok' : 'attention', known ? 'synced' : 'syncedAlone', { height: up.height }), { synced: known }), catchingUp: up, share: 1, trouble: undefined };
  }
  // The RPC says height 0 until the snapshot is restored; from then on blocks are what counts.
  if (read.stage === 'blocks' || (status && status.height > 0)) {
    const stalled = standsStill(read, now) && !(status?.blockTime && now - status.blockTime < 60_000);
    // A node that says itself that it is behind knows of newer blocks than we do: where they end is not known then.
    const way: CatchingUp = up.left === 0 ? { height: up.height, rate: up.rate } : up;
    const view = at('blocks', tmkms, doing(stalled ? 'attention' : 'working', way.target ? 'catchingUp' : 'processing', { height: way.height, target: way.target ?? 0, left: way.left ?? 0 }), { synced: false });
    return { ...view, catchingUp: stalled ? { ...way, etaMs: undefined } : way, share: wayDone(read.from, way), stalled: stalled ? { word: 'blocks', params: {} } : undefined, trouble };
  }
  return { ...early(read, tmkms, now), trouble };
}

/** How much of the way since this start is done; the chain's own age would always say nearly all. */
function wayDone(from: number | undefined, { height, target }: CatchingUp): number | undefined {
  if (from === undefined || target === undefined || target <= from) return undefined;
  return Math.max(0, Math.min(1, (height - from) / (target - from)));
}

/** Whether the network had clearly more blocks when the own node was read. */
function isBehind(status: OwnStatus, network: NetworkHeight | undefined, peersHeight: number | undefined): boolean {
  const target = targetHeight(status.at, network, peersHeight);
  if (target === undefined) return false;
  return target - status.height > NEAR + DRIFT * Math.max(0, target - (network?.height ?? target));
}

function early(read: SyncRead, tmkms: SyncStep, now: number): SyncView {
  const still = standsStill(read, now);
  const { snapshot } = read;
  const state: StateWord = still || read.trouble ? 'attention' : 'working';
  const stalled = (word: string): { stalled?: Words } => (still ? { stalled: { word, params: {} } } : {});
  switch (read.stage) {
    case 'initialising':
      return { ...at('setup', tmkms, doing(state, 'initialising', { command: read.command ?? '' })), ...stalled('setup') };
    case 'signer':
      return { ...at('tmkms', still ? { ...tmkms, state: 'attention' } : tmkms, doing(state, 'waitingSigner')), ...stalled('signer') };
    case 'discovering': {
      const word = read.noSeeds ? 'noSeeds' : snapshot?.height ? 'foundSnapshot' : snapshot?.rejected ? 'rejected' : 'discovering';
      return { ...at('snapshot', tmkms, doing(read.noSeeds ? 'attention' : state, word, { tries: read.tries, height: snapshot?.height ?? 0 })), ...stalled(read.noSeeds ? 'seeds' : 'discovering') };
    }
    case 'restoring': {
      const total = snapshot?.chunks ?? 0;
      return { ...at('snapshot', tmkms, doing(state, total ? 'chunks' : 'restoring', { applied: snapshot?.applied ?? 0, total, height: snapshot?.height ?? 0 })), share: total ? (snapshot?.applied ?? 0) / total : undefined, ...stalled('chunks') };
    }
    case 'verifying':
    case 'restored':
      return { ...at('snapshot', tmkms, doing(state, read.stage, { height: snapshot?.height ?? 0 })), share: 1, ...stalled('restored') };
    default:
      return { ...at('setup', tmkms, doing(read.stage === 'unseen' ? 'unknown' : state, read.stage === 'unseen' ? 'silent' : 'starting')), ...stalled('setup') };
  }
}

const doing = (state: StateWord, word: string, params: Words['params'] = {}): SyncView['doing'] => ({ state, word, params });

function standsStill(read: SyncRead, now: number): boolean {
  const patience = PATIENCE[read.stage];
  return patience !== undefined && read.moved !== undefined && now - read.moved > patience;
}

function tmkmsStep(container: ContainerNow | undefined): SyncStep {
  if (!container || container.state === 'created') return { name: 'tmkms', state: 'waiting', word: 'tmkmsAbsent', params: {} };
  if (container.state === 'running') return { name: 'tmkms', state: 'ok', word: 'tmkmsRuns', params: {} };
  return { name: 'tmkms', state: 'broken', word: 'tmkmsDown', params: { code: container.exitCode ?? 0, restarts: container.restarts } };
}

function at(step: StepName, tmkms: SyncStep, doing: SyncView['doing'], rest: Partial<SyncView> = {}): SyncView {
  const here = ORDER.indexOf(step);
  const steps = ORDER.map((name, i): SyncStep => {
    if (name === 'tmkms') return tmkms;
    if (i < here || (step === 'synced' && i === here && doing.state === 'ok')) return { name, state: 'passed', word: '', params: {} };
    return i === here ? { name, state: doing.word === 'notStarted' ? 'waiting' : doing.state, word: doing.word, params: doing.params } : { name, state: 'waiting', word: '', params: {} };
  });
  return { doing, steps, synced: false, ...rest };
}
