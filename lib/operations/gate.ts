import { blocksNeeded, blocksSince, type GateClock, needsSafetyWindow, nextSafeWindow, outageOf, type SafeWindow } from './safe-window.ts';
import type { Against, Change, Gate } from './schema.ts';

/** What is known of the epoch's phase. */
export type PhaseKnowledge = { known: true; clock: GateClock } | { known: false; reason: string };
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
  /** Its admin side hangs beside a healthy public one: only a restart helps (measured 28). */
  wedged?: boolean;
  phase: PhaseKnowledge;
  membership: Membership;
  /** The safe exit or maintenance that is under way. */
  leaving?: { kind: string };
  /** ms since 1970 */
  now: number;
};

/**
 * The answer to "may this be done now?". `wait`: it may at `window` (absent: nobody knows when, or no waiting helps), and
 * why not now; `unknown`: what would have to be known isn't.
 */
export type Verdict = { answer: 'yes' } | { answer: 'wait'; window?: SafeWindow; reasons: Against[] } | { answer: 'unknown'; reasons: Against[] };

/** What speaks against a moment, and passes by itself. Everything else is as true at the next safe window. */
const PASSES: readonly string[] = ['poc', 'poc_near', 'confirmation_poc', 'confirmation_possible', 'confirmation_unread', 'phase_unknown', 'phase_old', 'leaving'];
export const passes = ({ why }: Against): boolean => PASSES.includes(why);
/** Whether there is a moment to wait for; `reason`: besides, something speaks against it that doesn't pass. */
export function waitable(answer: Gate): { reason: boolean } | undefined {
  if (answer.answer !== 'reason-needed' || !answer.reasons.some(passes)) return undefined;
  // Nothing ends it: the chain has no stretch in which none can come.
  const never = !answer.window && answer.reasons.some(({ why }) => why === 'confirmation_possible');
  return never ? undefined : { reason: !answer.reasons.every(passes) };
}

/** Not known, which is no yes. */
const UNKNOWN: readonly string[] = ['phase_unknown', 'phase_old', 'confirmation_unread', 'membership_unknown'];

/** Whether an interruption of this service is felt by the network. */
export const isGuarded = (service: GateInput['service']): boolean => service.group === 'ml' || GUARDED.includes(service.role);

/** Plainly broken: it serves nobody now, so restarting it takes nothing away. */
export function isPlainlyBroken(container: { state: string } | undefined, crashLooping: boolean, wedged = false): boolean {
  return !container || crashLooping || wedged || !['running', 'paused'].includes(container.state);
}

/** Whether the next PoC starts before the service would be back. */
function nearPoc(service: GateInput['service'], clock: GateClock, now: number): Against | undefined {
  const { blocksToNextPoc: blocks, secondsPerBlock: pace, stages } = clock;
  if (blocks === undefined || stages === undefined) return undefined;
  const measured = pace !== undefined && pace > 0;
  const left = blocks - blocksSince(clock, now);
  if (left >= blocksNeeded(outageOf(service.role), clock, stages)) return undefined;
  return { why: 'poc_near', params: { pace: measured ? 'known' : 'unknown', minutes: measured ? Math.max(0, Math.round((left * pace) / 60)) : 0, blocks, block: stages.nextPocStart } };
}

/** Whether a confirmation PoC may begin while the service is out. */
function confirmation(service: GateInput['service'], clock: GateClock, inSet: boolean, now: number): Against | undefined {
  if (!needsSafetyWindow(outageOf(service.role), clock, inSet)) return undefined;
  if (!clock.confirmation) return { why: 'confirmation_unread', params: {} };
  const { safetyWindow } = clock.confirmation;
  const left = clock.blocksToNextPoc === undefined ? undefined : clock.blocksToNextPoc - blocksSince(clock, now);
  if (safetyWindow !== undefined && left !== undefined && left <= safetyWindow) return undefined;
  return { why: 'confirmation_possible', params: { window: safetyWindow ?? 0 } };
}

/** Why the network would feel an interruption now; undefined when it is a good moment. */
function badMoment({ service, phase, membership, now }: GateInput): Against | undefined {
  if (!phase.known) return { why: 'phase_unknown', params: { reason: phase.reason } };
  const { clock } = phase;
  const age = now - clock.at;
  // A time from the future is as little a proof as an old one.
  if (age > PHASE_VALID || age < -PHASE_VALID || !Number.isFinite(age)) return { why: 'phase_old', params: { seconds: Math.round(Math.abs(age) / 1000) } };
  if (clock.phase !== 'Inference') return { why: 'poc', params: { phase: clock.phase, epoch: clock.epoch } };
  if (clock.confirmationPocActive) return { why: 'confirmation_poc', params: { epoch: clock.epoch } };
  return nearPoc(service, clock, now) ?? confirmation(service, clock, membership !== 'out', now);
}

/**
 * Whether this may be done to this service now (laws "nothing disruptive during PoC" and "stop only with proof"): yes,
 * wait until a block, or unknown, with everything that speaks against it. No data means no, except for repair: what is
 * plainly broken may always be started again.
 */
export function mayNow(input: GateInput): Verdict {
  const { change, service, container, crashLooping, wedged, phase, membership, leaving, now } = input;
  if (change === 'none') return { answer: 'yes' };
  const reasons: Against[] = [];
  const stops = change === 'stop' || change === 'remove';
  const starts = change === 'create' || change === 'start';
  const repairs = !stops && isPlainlyBroken(container, crashLooping, wedged);
  if (isGuarded(service) && !starts && !repairs) {
    const bad = badMoment(input);
    if (bad) reasons.push(bad);
    if (stops && membership !== 'out') reasons.push({ why: membership === 'in' ? 'active_set' : 'membership_unknown', params: {} });
  }
  // A restart makes api forget which nodes the exit has disabled.
  if (isGuarded(service) && leaving && !starts && !repairs) reasons.push({ why: 'leaving', params: { kind: leaving.kind.replaceAll('-', '_') } });
  if (reasons.length === 0) return { answer: 'yes' };
  const named = reasons.map(({ why, params }) => ({ why, params: { ...params, service: service.name } }));
  const unknown = reasons.some(({ why }) => UNKNOWN.includes(why));
  const window = phase.known && !unknown && !leaving && reasons.every(passes) ? nextSafeWindow(outageOf(service.role), phase.clock, membership !== 'out', now) : undefined;
  return unknown ? { answer: 'unknown', reasons: named } : { answer: 'wait', ...(window ? { window } : {}), reasons: named };
}

/** The verdict as the dialog and the journal take it: what isn't a yes needs a typed reason, or time. */
export function gate(input: GateInput): Gate {
  const verdict = mayNow(input);
  if (verdict.answer === 'yes') return verdict;
  const { reasons } = verdict;
  return { answer: 'reason-needed', reasons, ...(verdict.answer === 'wait' && verdict.window ? { window: verdict.window } : {}) };
}

/**
 * The strictest of several answers: the first refusal, else all reasons together. The window that begins last is one for
 * all: a longer outage's blocks lie within a shorter one's.
 */
export function strictest(gates: Gate[]): Gate {
  const refused = gates.find((g) => g.answer === 'refused');
  if (refused) return refused;
  const asking = gates.filter((g) => g.answer === 'reason-needed');
  const reasons = asking.flatMap((g) => g.reasons);
  if (reasons.length === 0) return { answer: 'yes' };
  const windows = asking.map((g) => g.window);
  const [last] = windows.every((one) => one !== undefined) ? windows.toSorted((a, b) => b.from - a.from) : [];
  return { answer: 'reason-needed', reasons, ...(last ? { window: last } : {}) };
}
