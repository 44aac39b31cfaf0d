import { randomUUID } from 'node:crypto';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import type { ChangedFile } from '#lib/deployment/config-change.ts';
import { versionOfText } from '#lib/deployment/config-file.ts';
import type { EditableFile } from '#lib/deployment/config-schema.ts';
import { type ConfigContent, dropContent, holdContent, whileMasked } from '#lib/operations/config/content.ts';
import { passes, waitable } from './gate.ts';
import { alone, holderOf } from './locks.ts';
import { askedBy, type ConfigWork, lockOf, momentOf, planAnnounced, prepare } from './prepare.ts';
import { sameOf, weigh } from './preview.ts';
import { PROCEDURES } from './procedures.ts';
import { recoverOperations } from './recovery.ts';
import { finished, isRunningHere, launch, stopRunning, UNDO } from './runner.ts';
import { planned, startsWaiting } from './schedule.ts';
import { type ConfigParams, type FileKind, type Gate, isBare, isDurable, isFileKind, isOver, type Kind, type OperationView, REASON_MIN, startInput, type StartRequest, targetOf } from './schema.ts';
import { deployment, deploymentAnew } from './situation.ts';
import { beginStep, close, closeScheduled, insertOperation, operation, scheduledOperations } from './store.ts';
import { surroundings } from './surroundings.ts';
import { forgetWaiting } from './waiting.ts';
import { workParams } from './work-params.ts';

const audited = async <T>(request: Pick<StartRequest, 'user' | 'ip'>, action: string, target: string | undefined, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (isPanelError(error)) await surroundings().audit({ user: request.user, ip: request.ip, action, target, result: 'refused', detail: { code: error.code, ...error.params } });
    throw error;
  }
};

/** The first of the operations that this one retries, one after the other. */
async function originOf(retried: OperationView): Promise<OperationView> {
  let first = retried;
  for (let depth = 0; first.retryOf && depth < 50; depth++) {
    const earlier = await operation(first.retryOf);
    if (!earlier) break;
    first = earlier;
  }
  return first;
}

async function start(request: StartRequest, retryOf?: OperationView, work?: ConfigWork): Promise<{ id: string }> {
  await recoverOperations();
  const { kind, target, reason, shown, when } = startInput.parse({ kind: request.kind, target: request.target, reason: request.reason || undefined, shown: request.shown, when: request.when });
  const params = workParams(kind, request.params);
  const of = isBare(kind) ? undefined : await deploymentAnew();
  const procedure = PROCEDURES[kind];
  // The routes for files have their own way in.
  if (isFileKind(kind) !== (work !== undefined)) throw new PanelError('bad_request');
  return alone(async () => {
    const lock = lockOf(kind, of, params);
    const holder = await holderOf(lock, kind);
    if (holder) throw new PanelError('operation_running', { kind: holder.kind.replaceAll('-', '_'), target: holder.target ?? targetOf(holder.kind), user: holder.startedBy, id: holder.id, project: lock }, { status: 409 });
    const { now, config } = await prepare({ kind, target, params, work }, of);
    const weighed = await weigh(kind, now);
    const { gate, phase } = weighed;
    if (gate.answer === 'refused') throw new PanelError(`gate_${gate.why}`, gate.params, { status: 409 });
    const waits = when === 'window' && weighed.moment.answer !== 'yes';
    // One reason answers all that was on the screen, and nothing else. What passes by itself is waited for, whatever was typed.
    const said = (reason?.length ?? 0) < REASON_MIN ? [] : shown;
    const asked = gate.answer === 'reason-needed' ? gate.reasons.filter((one) => !(waits && passes(one))) : [];
    const open = asked.find((one) => !said.includes(one.why));
    if (open) throw new PanelError('operation_reason_needed', { why: open.why, min: REASON_MIN }, { status: 409 });
    const twin = sameOf(await scheduledOperations(lock), kind, target, params);
    if (waits) checkSchedulable(kind, gate, twin);
    const id = await insertOperation({
      kind,
      target,
      project: lock,
      command: now.command,
      reason,
      reasonFor: asked.length > 0 ? asked : undefined,
      ...(waits ? { scheduled: planned(now) } : momentOf(phase)),
      startedBy: request.user,
      ip: request.ip,
      retryOf: retryOf?.id,
      config,
      params,
      steps: procedure.steps.map((s) => s.name),
    });
    // The newer one counts.
    if (twin) await closeScheduled(twin.id, 'cancelled', { code: 'operation_superseded', params: { user: request.user, id } });
    if (waits) {
      startsWaiting(id, gate);
      return { id };
    }
    if (work?.content) holdContent(id, work.content);
    const view = await operation(id);
    if (!view) throw new Error('the row that was just written is gone');
    launch(view, retryOf && (await originOf(retryOf)), of, procedure);
    if (work?.content) void finished(id).finally(() => dropContent(id));
    return { id };
  });
}

/** Whether there is something to wait for, and nobody waits for the same. */
function checkSchedulable(kind: Kind, gate: Gate, twin: OperationView | undefined): void {
  if (twin && !isFileKind(kind)) throw new PanelError('schedule_twice', { user: twin.startedBy, id: twin.id }, { status: 409 });
  const never = gate.answer === 'reason-needed' && gate.reasons.find(({ why }) => why === 'confirmation_possible');
  if (never && !waitable(gate)) throw new PanelError('schedule_no_window', { window: never.params.window ?? 0 }, { status: 409 });
}

/**
 * Saves (`apply`: and applies) what `changedFile` made of a file. `announced`: the services that the plan named; applying
 * that would touch another one is refused (config_plan_changed). Other refusals as startOperation's, besides:
 * config_changed, config_compose_refuses, gate_node_config_merged, gate_node_config_other.
 */
export async function startConfig(request: { file: EditableFile; changed: ChangedFile; how: ConfigParams['how']; apply: boolean; announced?: string[]; reason?: string; shown?: string[]; when?: 'now' | 'window'; user: string; ip: string }): Promise<{ id: string; saved?: string }> {
  const { file, changed, how, apply, announced = [], reason, shown, when, user, ip } = request;
  const { text, before, hasSecret, secrets } = changed;
  const kind: FileKind = apply ? 'apply-config' : 'save-config';
  const params = { file, expected: before.version, version: before.text === text ? before.version : versionOfText(text), changed: changed.changed, how };
  const work = { params, content: { text, hasSecret, secrets }, announced };
  const by = { target: file, reason, shown, user, ip };
  return whileMasked(`save ${randomUUID()}`, secrets, () => audited({ user, ip }, `operation.${kind}`, file, () => (apply && when === 'window' ? saveThenWait(by, work) : start({ kind, ...by }, undefined, work))));
}

/** The file is saved at once; what waits for the safe window is its apply. A save that fails is what is shown. */
async function saveThenWait(by: Omit<StartRequest, 'kind'>, work: Extract<ConfigWork, { content: ConfigContent }>): Promise<{ id: string; saved?: string }> {
  const { services } = await planAnnounced(await deployment(), work);
  const saved = await start({ kind: 'save-config', ...by, reason: undefined }, undefined, work);
  await finished(saved.id);
  if ((await operation(saved.id))?.state !== 'succeeded') return saved;
  const { id } = await start({ kind: 'apply-config', ...by, when: 'window' }, undefined, { params: { ...work.params, expected: work.params.version }, services });
  return { id, saved: saved.id };
}

/**
 * Writes the row, starts the operation detached from the caller, returns its id. Refusals (audited): operation_running,
 * operation_reason_needed, gate_tmkms_*, operation_no_deployment, service_unknown, operation_other_directory, engine_*, compose_*.
 */
export const startOperation = (request: StartRequest): Promise<{ id: string }> => audited(request, `operation.${request.kind}`, request.target, () => start(request));

/** Does an operation that didn't succeed once more, as a new row. What it had reached already isn't done again. A reason is typed anew, for what speaks against it now. */
export async function retryOperation(id: string, by: { user: string; ip: string; reason?: string; shown?: string[]; when?: 'now' | 'window' }): Promise<{ id: string }> {
  return audited(by, 'operation.retry', id, async () => {
    const old = await operation(id);
    if (!old) throw new PanelError('operation_unknown', { id }, { status: 404 });
    if (!isOver(old.state) || old.state === 'succeeded') throw new PanelError('operation_not_retryable', { state: old.state }, { status: 409 });
    const { work, ...asked } = askedBy(old);
    return start({ ...asked, ...by }, old, work);
  });
}

/** Stops an operation that is under way; what it has done stays, a durable one takes it back. Throws operation_unknown, operation_over; of a durable one database_*, and then nothing is cancelled. */
export async function cancelOperation(id: string, by: { user: string; ip: string }): Promise<void> {
  await recoverOperations();
  await audited(by, 'operation.cancel', id, async () => {
    // Nothing is between being scheduled and running while it is looked at.
    await alone(async () => {
      if (await closeScheduled(id, 'cancelled')) return forgetWaiting(id);
      const found = await operation(id);
      if (!found) throw new PanelError('operation_unknown', { id }, { status: 404 });
      if (isOver(found.state)) throw new PanelError('operation_over', { state: found.state }, { status: 409 });
      if (!isRunningHere(id)) return close(id, 'interrupted', { error: { code: 'operation_interrupted', params: {} } });
      // Written before it is heard: a panel that is killed now would go on with what a person was told is cancelled.
      if (isDurable(found.kind) && !found.steps.some(({ name }) => name === UNDO)) await beginStep(id, UNDO);
      stopRunning(id);
    });
    await surroundings().audit({ user: by.user, ip: by.ip, action: 'operation.cancel', target: id, result: 'ok' });
  });
}

export { finished } from './runner.ts';
export { recoverOperations } from './recovery.ts';
export { listOperations, openOperations, operation, operationOutput } from './store.ts';
