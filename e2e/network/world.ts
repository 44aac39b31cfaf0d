/** The network's parameters: what every program of the stand-in has to know. The seed holds them, the containers ask it. */
import { scaledEpochParams, type ChainClock } from './chain.ts';
import type { ReleaseName } from './releases.ts';

export const CHAIN_ID = 'gonka-mainnet';

/** What becomes of registrations (measured 8, facts 8.2 and 13). A host that is known already always keeps its old URL and key. */
export type Registration = {
  /** `ignored`: the seed says 200, nothing comes on chain. `panics`: 500 with the words for a funded account that never signed (facts 13, row 16). `cut`: it comes on chain, the connection ends without an answer. */
  answer?: 'ignored' | 'panics' | 'cut';
  /** On chain, but the seed's `/v1/participants/ADDRESS` doesn't show it: the command gives up waiting (facts 13, row 18). */
  unseen?: boolean;
  /** Closed by a vote: before this block nothing comes of one (facts 13, row 58). */
  opensAt?: number;
  /** It comes on chain this many blocks later. */
  afterBlocks?: number;
  /** How long the command waits for it, ms (30 s in the real one). */
  waitMs?: number;
};

/** What becomes of the reward of an epoch in the next one (facts 11.1, 14). Without any, the api claims it with the new set. */
export type Claims = {
  /** The api claims it so many blocks later. */
  afterBlocks?: number;
  /** The api doesn't claim by itself; `claim-reward/recover` does. */
  byHand?: boolean;
  /** Nothing claims it: `claim-reward/recover` answers 500. */
  refused?: boolean;
};

/** How a node that starts comes to the newest block. */
export type Sync = {
  /** Chunks of the snapshot (1, as recorded). */
  chunks?: number;
  /** After the snapshot it lacks so many blocks, and executes `blocksPerSecond` (20). Without it the node is at the newest block at once. */
  blocksBehind?: number;
  blocksPerSecond?: number;
  /** It stands still there until this is taken away: no snapshot is found, the first chunk isn't followed by another step, no block more. */
  stallsAt?: 'snapshots' | 'chunks' | 'blocks';
};

export type World = {
  /** Names the network's made-up keys: the same name, the same participants. */
  name: string;
  release: ReleaseName;
  clock: ChainClock;
  genesisTime: number;
  /** Blocks of a normal epoch. */
  epochBlocks: number;
  /** Made-up hosts with weight. */
  participants: number;
  /** PoC weight of one ML node of a real host. */
  nodeWeight: number;
  /** Chance of an ML node to be drawn for duty through the next PoC (measured 42), 0 to 1. */
  duty: number;
  /** Who is drawn beside that: the id of an ML node and the epochs in whose set it is on duty through the next PoC. */
  draws: Record<string, number[]>;
  claims: Claims;
  /** Nobody passes the coming PoCs (measured 17, 30). */
  pocFails: boolean;
  confirmationPoc: boolean;
  /** How long a first start of `node` looks for snapshots, ms (15 s each in the real one). */
  stateSyncMs: number;
  sync: Sync;
  /** What hosts' nodes run into: they end again and again, or stand still for ever (services/node-sync.ts). */
  nodeTrouble?: 'signing-info' | 'consensus-failure' | 'disk-full' | 'illegal-instruction';
  /** A service that floods its log. */
  flood?: { service: string; linesPerSecond: number };
  upgradePlan?: { name: string; height: number };
  /** Deposits of ngonka by account. */
  collateral?: Record<string, string>;
  /** What governance decided later: a model's arguments instead of the release's, by its id. */
  modelArgs: Record<string, string[]>;
  registration: Registration;
  /** Nodes that nobody can call are peers all the same, as in the real network: they called themselves. */
  inboundPeers: boolean;
  /** Where an address of the internet is on this machine, for calls from outside: `{ '203.0.113.7:5000': '127.0.0.1:5000' }`. */
  reach: Record<string, string>;
  /** Most entries of a page that the chain's REST gives out for grants, whatever the caller asks for. */
  grantsPage: number;
  /** Consensus keys (base64) that also sign somewhere else: a second tmkms with a copied folder. */
  signsElsewhere: string[];
};

export type WorldOptions = {
  name?: string;
  release?: ReleaseName;
  /** Seconds an epoch takes (default 60). */
  epochSeconds?: number;
  /** Blocks an epoch has (default 60: the recordings' arithmetic). */
  epochBlocks?: number;
  /** Epoch and block of it at which the network starts (default 200, block 30: Inference). */
  startEpoch?: number;
  startOffset?: number;
  participants?: number;
  nodeWeight?: number;
  duty?: number;
  stateSyncMs?: number;
  now?: number;
};

export function createWorld(options: WorldOptions = {}): World {
  const { epochSeconds = 60, epochBlocks = 60, startEpoch = 200, now = Date.now() } = options;
  const blockMs = (epochSeconds * 1000) / epochBlocks;
  const startOffset = options.startOffset ?? Math.round(epochBlocks / 2);
  const atHeight = startEpoch * epochBlocks + startOffset;
  return {
    name: options.name ?? 'standin',
    release: options.release ?? '0.2.4',
    clock: { atTime: now, atHeight, blockMs, anchor: { epoch: startEpoch, start: startEpoch * epochBlocks }, epochParams: scaledEpochParams(epochBlocks) },
    genesisTime: now - atHeight * blockMs,
    epochBlocks,
    participants: options.participants ?? 40,
    nodeWeight: options.nodeWeight ?? 40,
    duty: options.duty ?? 0,
    draws: {},
    claims: {},
    pocFails: false,
    confirmationPoc: false,
    stateSyncMs: options.stateSyncMs ?? 4000,
    sync: {},
    modelArgs: {},
    registration: {},
    inboundPeers: true,
    reach: {},
    grantsPage: 100,
    signsElsewhere: [],
  };
}
