import { singleton } from '#lib/core/singleton.ts';
import type { Membership, PhaseKnowledge } from './gate.ts';
import type { ChainKey } from './tmkms-interlock.ts';

/** An attempt that was refused; what was done stands in the journal itself. */
export type Attempt = { user?: string; ip?: string; action: string; target?: string; result: 'refused' | 'failed' | 'ok'; detail?: Record<string, string | number> };

/** What operations must know and other jobs find out. */
export type Surroundings = {
  phase(): Promise<PhaseKnowledge>;
  membership(): Promise<Membership>;
  /** The consensus key that the chain has for the own participant. */
  ownKey(): Promise<ChainKey>;
  audit(attempt: Attempt): Promise<void>;
};

const held = () =>
  singleton('operations.surroundings', (): { now: Surroundings } => ({
    now: {
      // Nobody has said anything: unknown, and the gate asks for a reason.
      phase: async () => ({ known: false, reason: 'unread' }),
      membership: async () => 'unknown',
      ownKey: async () => ({ state: 'unknown', why: 'unread' }),
      audit: async () => {},
    },
  }));

/** Connects operations with the jobs that know. Rooms on one floor don't import each other, so it is given from above. */
export function surroundOperations(by: Partial<Surroundings>): void {
  const box = held();
  box.now = { ...box.now, ...by };
}

export const surroundings = (): Surroundings => held().now;
