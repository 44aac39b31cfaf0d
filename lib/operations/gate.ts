import type { Change, Gate } from './schema.ts';

/** What is known of the epoch's phase. `clock.at`: ms of the block that says so. */
export type PhaseKnowledge = { known: true; clock: { phase: string; epoch: number; at: number; confirmationPocActive?: boolean } } | { known: false; reason: string };
/** Whether the host stands in the active set, where a stop costs rewards. */
export type Membership = 'in' | 'out' | 'unknown';

/** A phase that was read longer ago than this may be over (ms). */
const PHASE_VALID = 60_000;
/** Roles whose interruption in a PoC costs the epoch's weight; whatever else stands in the ML file counts too. */
const GUARDED: readonly string[] = ['node', 'api', 'tmkms', 'mlnode', 'inference'];

export type GateInput = {
  change: Change;
  service: { name: string; role: string; group: 'network' | 'ml' };
  /** Absent: there is no container. */
  container?: { state: string };
  crashLooping: boolean;
  phase: PhaseKnowledge;
  membership: Membership;
  /** ms since 1970 */
  now: number;
};

const YES: Gate = { answer: 'yes' };
const reason = (why: string, params: Record<string, string | number>): Gate => ({ answer: 'reason-needed', why, params });

/** Whether an interruption of this service is felt by the network. */
export const isGuarded = (service: GateInput['service']): boolean => service.group === 'ml' || GUARDED.includes(service.role);

/** Plainly broken: it serves nobody now, so restarting it takes nothing away. */
export function isPlainlyBroken(container: { state: string } | undefined, crashLooping: boolean): boolean {
  return !container || crashLooping || !['running', 'paused'].includes(container.state);
}

/** Why the network would feel an interruption now; undefined when it is a good moment. */
function badMoment(phase: PhaseKnowledge, now: number): { why: string; params: Record<string, string | number> } | undefined {
  if (!phase.known) return { why: 'phase_unknown', params: { reason: phase.reason } };
  const { clock } = phase;
  const age = now - clock.at;
  // A time from the future is as little a proof as an old one.
  if (age > PHASE_VALID || age < -PHASE_VALID || !Number.isFinite(age)) return { why: 'phase_old', params: { seconds: Math.round(Math.abs(age) / 1000) } };
  if (clock.phase !== 'Inference') return { why: 'poc', params: { phase: clock.phase, epoch: clock.epoch } };
  if (clock.confirmationPocActive) return { why: 'confirmation_poc', params: { epoch: clock.epoch } };
  return undefined;
}

/**
 * The first gate (laws "nothing disruptive during PoC" and "stop only with proof"): whether this may be done to this
 * service now. `why` is a key under operations.gate. Unknown is not a yes; what is plainly broken may always be started again.
 */
export function gate(input: GateInput): Gate {
  const { change, service, container, crashLooping, phase, membership, now } = input;
  if (change === 'none' || change === 'create' || change === 'start') return YES;
  if (!isGuarded(service)) return YES;
  if (change !== 'stop' && isPlainlyBroken(container, crashLooping)) return YES;
  const bad = badMoment(phase, now);
  if (bad) return reason(bad.why, { ...bad.params, service: service.name });
  if (change === 'stop' && membership !== 'out') return reason(membership === 'in' ? 'active_set' : 'membership_unknown', { service: service.name });
  return YES;
}

/** The strictest of several answers; among equals the first. */
export function strictest(gates: Gate[]): Gate {
  return gates.find((g) => g.answer === 'refused') ?? gates.find((g) => g.answer === 'reason-needed') ?? YES;
}
