import type { Against, Change, Gate } from './schema.ts';

/**
 * What is known of the epoch's phase. `clock.at`: ms of the block that says so. `stages` are blocks of the epoch under way,
 * `secondsPerBlock` is absent while the pace hasn't been measured.
 */
export type PhaseKnowledge =
  | { known: true; clock: { phase: string; epoch: number; at: number; confirmationPocActive?: boolean; blocksToNextPoc?: number; secondsPerBlock?: number; stages?: { setNewValidators: number; nextPocStart: number } } }
  | { known: false; reason: string };
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

/**
 * Seconds after which a service that was interrupted surely works again: an ML node loads its model for up to 20 minutes
 * (facts 11.2), chain and API node are back in a minute or two.
 */
const OUTAGE: Record<string, number> = { tmkms: 60, inference: 60, node: 120, api: 120 };
const ML_OUTAGE = 20 * 60;
/** Blocks before a PoC that count as near while nobody knows how long a block takes (about two minutes at the usual pace). */
const FEW_BLOCKS = 20;

const YES: Gate = { answer: 'yes' };

/** Whether an interruption of this service is felt by the network. */
export const isGuarded = (service: GateInput['service']): boolean => service.group === 'ml' || GUARDED.includes(service.role);

/** Plainly broken: it serves nobody now, so restarting it takes nothing away. */
export function isPlainlyBroken(container: { state: string } | undefined, crashLooping: boolean): boolean {
  return !container || crashLooping || !['running', 'paused'].includes(container.state);
}

/**
 * Whether the next PoC starts before the service would be back. However long the outage, never more than the last third
 * of the epoch's inference stretch counts: on a chain with short epochs everything would be near otherwise, and there
 * would be no better moment to wait for.
 */
function nearPoc(service: GateInput['service'], { at, blocksToNextPoc: blocks, secondsPerBlock: pace, stages }: Extract<PhaseKnowledge, { known: true }>['clock'], now: number): Against | undefined {
  if (blocks === undefined || stages === undefined) return undefined;
  const third = (stages.nextPocStart - stages.setNewValidators) / 3;
  const measured = pace !== undefined && pace > 0;
  // The knowledge may be a minute old: the chain has gone on since.
  const left = measured ? blocks - Math.max(0, now - at) / 1000 / pace : blocks;
  const outage = measured ? (OUTAGE[service.role] ?? ML_OUTAGE) / pace : FEW_BLOCKS;
  if (left >= Math.min(outage, third)) return undefined;
  return { why: 'poc_near', params: { pace: measured ? 'known' : 'unknown', minutes: measured ? Math.max(0, Math.round((left * pace) / 60)) : 0, blocks, block: stages.nextPocStart } };
}

/** Why the network would feel an interruption now; undefined when it is a good moment. */
function badMoment(service: GateInput['service'], phase: PhaseKnowledge, now: number): Against | undefined {
  if (!phase.known) return { why: 'phase_unknown', params: { reason: phase.reason } };
  const { clock } = phase;
  const age = now - clock.at;
  // A time from the future is as little a proof as an old one.
  if (age > PHASE_VALID || age < -PHASE_VALID || !Number.isFinite(age)) return { why: 'phase_old', params: { seconds: Math.round(Math.abs(age) / 1000) } };
  if (clock.phase !== 'Inference') return { why: 'poc', params: { phase: clock.phase, epoch: clock.epoch } };
  if (clock.confirmationPocActive) return { why: 'confirmation_poc', params: { epoch: clock.epoch } };
  return nearPoc(service, clock, now);
}

/**
 * The first gate (laws "nothing disruptive during PoC" and "stop only with proof"): whether this may be done to this
 * service now, with everything that speaks against it. Unknown is not a yes; what is plainly broken may always be started again.
 */
export function gate(input: GateInput): Gate {
  const { change, service, container, crashLooping, phase, membership, now } = input;
  if (change === 'none' || change === 'create' || change === 'start') return YES;
  if (!isGuarded(service)) return YES;
  const stops = change === 'stop' || change === 'remove';
  if (!stops && isPlainlyBroken(container, crashLooping)) return YES;
  const reasons: Against[] = [];
  const bad = badMoment(service, phase, now);
  if (bad) reasons.push({ why: bad.why, params: { ...bad.params, service: service.name } });
  if (stops && membership !== 'out') reasons.push({ why: membership === 'in' ? 'active_set' : 'membership_unknown', params: { service: service.name } });
  return reasons.length ? { answer: 'reason-needed', reasons } : YES;
}

/** The strictest of several answers: the first refusal, else all reasons together. */
export function strictest(gates: Gate[]): Gate {
  const reasons = gates.flatMap((g) => (g.answer === 'reason-needed' ? g.reasons : []));
  return gates.find((g) => g.answer === 'refused') ?? (reasons.length ? { answer: 'reason-needed', reasons } : YES);
}
