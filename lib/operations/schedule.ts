import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { clock } from '#lib/core/clock.ts';
import { log } from '#lib/core/log.ts';
import { redact } from '#lib/core/redact.ts';
import { singleton } from '#lib/core/singleton.ts';
import { passes } from './gate.ts';
import { ASKED_AGAIN } from '#lib/operations/interlock/tmkms-key-check.ts';
import { alone, holderOf } from './locks.ts';
import { askedBy, lockOf, momentOf, prepare, type Prepared } from './prepare.ts';
import { weigh } from './preview.ts';
import { PROCEDURES } from './procedures.ts';
import { recoverOperations } from './recovery.ts';
import { pace } from './pace.ts';
import { launch } from './runner.ts';
import { type Against, type Gate, isBare, type OperationView, unshown, type Words } from './schema.ts';
import { deployment } from './situation.ts';
import { closeScheduled, type Plan, planOf, scheduledOperations, takeScheduled } from './store.ts';
import { forgetWaiting, noteWaiting } from './waiting.ts';

/** Who wanted it so long ago may not want it any more (ms). */
const EXPIRES = 3 * 24 * 60 * 60_000;
/** Longest between two looks (ms), where the window is far. */
const FAR_MS = 60_000;
/** An engine or compose that doesn't answer now may do so later, and a journal that can't be written; the files that are refused now won't by themselves. */
export const LATER = /^(engine_|database_|compose_absent|compose_failed|docker_cli_absent|operation_command_failed|gate_tmkms_chain_unknown|gate_tmkms_empty_proven)/;

/** What is remembered of a plan, to be compared when its time has come. */
export const planned = ({ affected }: Prepared['now']): Plan => ({ changes: Object.fromEntries(affected.map(({ service, change }) => [service.name, change])) });

/** Where the plan isn't the one that was on the screen: the deployment has changed meanwhile. */
function differs(row: OperationView, plan: Plan | undefined, now: Prepared['now']): PanelError | undefined {
  const after = planned(now).changes;
  const names = [...new Set([...Object.keys(plan?.changes ?? {}), ...Object.keys(after)])].filter((name) => plan?.changes[name] !== after[name]);
  if (plan && names.length === 0 && JSON.stringify(row.command) === JSON.stringify(now.command.map((part) => redact(part)))) return undefined;
  return new PanelError('schedule_plan_changed', { services: names.join(', ') || '-' }, { status: 409 });
}

/** What still has to pass. Throws where something speaks against it that doesn't pass by itself and that no reason was typed for. */
function stillAgainst(row: OperationView, gate: Gate): Against[] {
  if (gate.answer === 'refused') throw new PanelError(`gate_${gate.why}`, gate.params, { status: 409 });
  const open = unshown(gate, row.reason ? (row.reasonFor ?? []).map((one) => one.why) : []);
  // Not knowing is no reason to give up: it may be known at the next look.
  const lasting = open.find((one) => !passes(one) && one.why !== 'membership_unknown' && !ASKED_AGAIN.includes(one.why));
  if (lasting) throw new PanelError('operation_reason_needed', { why: lasting.why }, { status: 409 });
  return open;
}

const wait = ({ id }: { id: string }, reasons: Against[], gate?: Gate): void =>
  noteWaiting(id, { at: clock.now(), reasons, ...(gate?.answer === 'reason-needed' && gate.window ? { window: gate.window } : {}) });

/** It was weighed just now, when it was scheduled: until the next look it waits for what was said then. */
export function startsWaiting(id: string, gate: Gate): void {
  wait({ id }, gate.answer === 'reason-needed' ? gate.reasons.filter(passes) : [], gate);
  wakeSchedule();
}

/** Starts it if its time has come. Throws where it never will. */
async function lookAgain(row: OperationView): Promise<void> {
  if (clock.now() - Date.parse(row.createdAt) > EXPIRES) throw new PanelError('schedule_expired', { days: EXPIRES / 86_400_000 });
  const asked = askedBy(row);
  const procedure = PROCEDURES[row.kind];
  const of = isBare(row.kind) ? undefined : await deployment();
  const lock = lockOf(row.kind, of, row.params);
  if (lock !== row.project) throw new PanelError('schedule_other_deployment', { project: row.project ?? '-' }, { status: 409 });
  const look = async () => {
    const { now } = await prepare(asked, of);
    const weighed = await weigh(row.kind, now);
    // The moment first: while the chain is silent, nothing that hangs on it can be known.
    const { gate } = weighed;
    const against = stillAgainst(row, gate.answer === 'refused' && weighed.moment.answer !== 'yes' ? weighed.moment : gate);
    return { now, weighed, against };
  };
  // Asking the chain may take a while; nobody else waits for that.
  const first = await look();
  if (first.against.length > 0) return wait(row, first.against, first.weighed.gate);
  await alone(async () => {
    const holder = await holderOf(lock, row.kind);
    if (holder) return wait(row, [{ why: 'busy', params: { kind: holder.kind.replaceAll('-', '_'), user: holder.startedBy } }]);
    const { now, weighed, against } = await look();
    if (against.length > 0) return wait(row, against, weighed.gate);
    const changed = differs(row, await planOf(row.id), now);
    if (changed) throw changed;
    // Cancelled in this very moment: then it isn't ours to start.
    if (!(await takeScheduled(row.id, { command: now.command, ...momentOf(weighed.phase) }))) return;
    forgetWaiting(row.id);
    // Nothing may come between: one that is taken and not started would hold the deployment.
    launch(row, undefined, of, procedure);
  });
}

async function give(row: OperationView): Promise<void> {
  try {
    await lookAgain(row);
  } catch (error) {
    if (!isPanelError(error)) {
      log.error({ err: error, operation: row.id }, 'a scheduled operation could not be weighed');
      return wait(row, [{ why: 'operation_defect', params: { event: row.id } }]);
    }
    if (LATER.test(error.code)) return wait(row, [{ why: error.code.replace(/^gate_/, ''), params: error.params }]);
    const words: Words = { code: error.code, params: error.params };
    if (await closeScheduled(row.id, 'failed', words)) forgetWaiting(row.id);
  }
}

/** ms until the next look: the nearer the window, the sooner. */
function untilNext(rows: OperationView[]): number {
  const now = clock.now();
  const soonest = Math.min(...rows.map(({ waits }) => (waits?.window?.at === undefined ? pace.scheduleMs : (waits.window.at - now) / 2)));
  return Math.min(FAR_MS, Math.max(pace.scheduleMs / 5, soonest));
}

const state = () => singleton('operations.schedule', (): { timer?: NodeJS.Timeout; round?: Promise<void>; again?: boolean; closed?: boolean } => ({}));

/** Weighs every scheduled operation again, oldest first; one round at a time. */
export async function weighScheduled(): Promise<void> {
  for (const row of await scheduledOperations()) await give(row);
}

/** Looks now, and from then on as long as something is scheduled. */
export function wakeSchedule(): void {
  const held = state();
  singleton('closers', () => new Set<() => void>()).add(closeSchedule);
  clearTimeout(held.timer);
  if (held.closed) return;
  if (held.round) {
    held.again = true;
    return;
  }
  held.again = false;
  held.round = recoverOperations()
    .then(weighScheduled)
    .catch((error) => log.error({ err: error }, 'the scheduled operations could not be weighed'))
    .then(async () => {
      held.round = undefined;
      if (held.closed) return;
      if (held.again) return wakeSchedule();
      const rows = await scheduledOperations().catch(() => undefined);
      if (rows && rows.length === 0) return;
      held.timer = setTimeout(wakeSchedule, rows ? untilNext(rows) : FAR_MS);
      held.timer.unref();
    });
}

/** For the panel's own end: nothing is started any more. What is scheduled stays so. */
export function closeSchedule(): void {
  state().closed = true;
  clearTimeout(state().timer);
}
