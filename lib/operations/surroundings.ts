import type { GovernanceModel } from '#lib/chain/governance-models.ts';
import type { ChainParticipant } from '#lib/chain/own-participant.ts';
import type { Reading, ReadingError } from '#lib/chain/reading.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { ExitNetwork } from '#lib/operations/exit/network.ts';
import type { Membership, PhaseKnowledge } from './gate.ts';
import type { ChainKey, ChainSignatures } from '#lib/operations/interlock/tmkms-interlock.ts';

/** An attempt that was refused; what was done stands in the journal itself. */
export type Attempt = { user?: string; ip?: string; action: string; target?: string; result: 'refused' | 'failed' | 'ok'; detail?: Record<string, string | number> };

/** What operations must know and other jobs find out. */
export type Surroundings = {
  phase(): Promise<PhaseKnowledge>;
  membership(): Promise<Membership>;
  /** Whether the api's admin side hangs beside a healthy public one (measured 28); only a restart helps. */
  wedged(): Promise<boolean>;
  /** The safe exit or maintenance that a project is in. */
  exitUnderWay(project: string): Promise<{ kind: string } | undefined>;
  /** The consensus key that the chain has for the own participant. */
  ownKey(): Promise<ChainKey>;
  /** The consensus key (base64) that the own node signs with, by its RPC. */
  nodeKey(): Promise<{ state: 'known'; key: string } | { state: 'unknown'; why: string }>;
  /** Where the chain shows a consensus key's signature; `after`: the height of the signing state that it is compared with. */
  signatures(key: string, after?: number): Promise<ChainSignatures>;
  /** The chain's record of an account, `false` where it has none. `fresh`: somebody waits for a change. */
  participant(address: string, fresh: boolean): Promise<Reading<ChainParticipant | false>>;
  /** The accounts that are registered with a consensus key, and among whom it was looked for. */
  holders(key: string): Promise<Reading<{ addresses: string[]; of: 'all' | 'active' }>>;
  /** The block from which on the chain takes new hosts, and the newest one; undefined is unknown. */
  registrationOpens(): Promise<{ opensAt: number; height: number } | undefined>;
  /** The api's own list of ML nodes; only `ok` is of now. */
  mlNodes(of: Deployment): Promise<Reading<AdminNode[]>>;
  /** Base URL of the api's admin side, or why there is none. */
  adminSide(of: Deployment): Promise<{ url?: string; error?: ReadingError }>;
  /** What a host that leaves has to know; `proof`: with each source's own answer. */
  leaving(proof: boolean): Promise<ExitNetwork>;
  /** The models that governance has approved. */
  approvedModels(): Promise<Reading<GovernanceModel[]>>;
  audit(attempt: Attempt): Promise<void>;
};

const held = () =>
  singleton('operations.surroundings', (): { now: Surroundings } => ({
    now: {
      // Nobody has said anything: unknown, and the gate asks for a reason.
      phase: async () => ({ known: false, reason: 'unread' }),
      membership: async () => 'unknown',
      wedged: async () => false,
      exitUnderWay: async () => undefined,
      ownKey: async () => ({ state: 'unknown', why: 'unread' }),
      nodeKey: async () => ({ state: 'unknown', why: 'unread' }),
      signatures: async () => ({ state: 'unknown', why: 'unread' }),
      participant: async () => ({ state: 'unknown' }),
      holders: async () => ({ state: 'unknown' }),
      registrationOpens: async () => undefined,
      mlNodes: async () => ({ state: 'unknown' }),
      adminSide: async () => ({}),
      leaving: async () => ({ clock: { state: 'unknown' }, participants: { state: 'unknown' }, api: { state: 'unknown' }, keys: [], settle: { state: 'unknown' }, performance: { state: 'unknown' } }),
      approvedModels: async () => ({ state: 'unknown' }),
      audit: async () => {},
    },
  }));

/** Connects operations with the jobs that know. Rooms on one floor don't import each other, so it is given from above. */
export function surroundOperations(by: Partial<Surroundings>): void {
  const box = held();
  box.now = { ...box.now, ...by };
}

export const surroundings = (): Surroundings => held().now;
