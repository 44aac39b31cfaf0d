import { randomUUID } from 'node:crypto';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import type { ChangedFile } from '#lib/deployment/config-change.ts';
import { readConfigFile, versionOfText } from '#lib/deployment/config-file.ts';
import { EDITABLE, type EditableFile } from '#lib/deployment/config-schema.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { type ConfigContent, dropContent, holdContent, whileMasked } from './config-content.ts';
import { mergedGate, planApply } from './config-plan.ts';
import { alone, holderOf } from './locks.ts';
import { weigh } from './preview.ts';
import { PROCEDURES } from './procedures.ts';
import { recoverOperations } from './recovery.ts';
import { finished, isRunningHere, launch, type Procedure, stopRunning } from './runner.ts';
import { type ConfigParams, type FileKind, isBare, isFileKind, isOver, type OperationView, REASON_MIN, startInput, type StartRequest, targetOf, unshown } from './schema.ts';
import { deployment, type Situation, situation } from './situation.ts';
import { close, insertOperation, operation } from './store.ts';
import { surroundings } from './surroundings.ts';
import { workParams } from './work-params.ts';
import { BARE_COMMANDS } from './work-plans.ts';

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

/**
 * A save comes with its content, and with the services that its plan named; a retry of one without them goes on only where
 * the file was written.
 */
type ConfigWork = { params: Omit<ConfigParams, 'services'> } & ({ content: ConfigContent; announced: string[] } | { content?: undefined });

/** What the operation is alone on: the deployment, or the part of it that it touches. */
function lockOf(procedure: Procedure, of: Deployment | undefined, params: unknown): string {
  if (!of) return procedure.lockOf?.(params) ?? 'machine';
  return procedure.lock ? `${of.project.name}:${procedure.lock}` : of.project.name;
}

async function start(request: StartRequest, retryOf?: OperationView, work?: ConfigWork): Promise<{ id: string }> {
  await recoverOperations();
  const { kind, target, reason, shown } = startInput.parse({ kind: request.kind, target: request.target, reason: request.reason || undefined, shown: request.shown });
  const params = workParams(kind, request.params);
  const of = isBare(kind) ? undefined : await deployment();
  const procedure = PROCEDURES[kind];
  // The routes for files have their own way in.
  if (isFileKind(kind) !== (work !== undefined)) throw new PanelError('bad_request');
  const id = await alone(async () => {
    const lock = lockOf(procedure, of, params);
    const holder = await holderOf(lock, kind);
    if (holder) throw new PanelError('operation_running', { kind: holder.kind.replaceAll('-', '_'), target: holder.target ?? targetOf(holder.kind), user: holder.startedBy, id: holder.id, project: lock }, { status: 409 });
    const planned = of && work && isFileKind(kind) ? await planConfig(kind, of, work, retryOf) : undefined;
    const now = planned?.now ?? (of ? await situation(kind, target, of, true, { params }) : { affected: [], command: BARE_COMMANDS[kind]?.(params) ?? [] });
    const { gate, phase } = await weigh(kind, now);
    if (gate.answer === 'refused') throw new PanelError(`gate_${gate.why}`, gate.params, { status: 409 });
    // One reason answers all that was on the screen, and nothing else.
    const [open] = unshown(gate, (reason?.length ?? 0) < REASON_MIN ? [] : shown);
    if (open) throw new PanelError('operation_reason_needed', { why: open.why, min: REASON_MIN }, { status: 409 });
    const row = await insertOperation({
      kind,
      target,
      project: lock,
      command: now.command,
      reason,
      reasonFor: gate.answer === 'reason-needed' ? gate.reasons : undefined,
      // A confirmation PoC runs inside the phase Inference: for the record it is the thing to know.
      phase: phase.known ? (phase.clock.confirmationPocActive ? 'ConfirmationPoC' : phase.clock.phase) : undefined,
      epoch: phase.known ? phase.clock.epoch : undefined,
      startedBy: request.user,
      ip: request.ip,
      retryOf: retryOf?.id,
      config: planned?.config,
      params,
      steps: procedure.steps.map((s) => s.name),
    });
    if (work?.content) holdContent(row, work.content);
    return row;
  });
  const view = await operation(id);
  if (!view) throw new Error('the row that was just written is gone');
  launch(view, retryOf && (await originOf(retryOf)), of, procedure);
  if (work?.content) void finished(id).finally(() => dropContent(id));
  return { id };
}

/** What a save would do to containers, before its row is written: what was announced, and no more; so does a retry. */
async function planConfig(kind: FileKind, of: Deployment, work: ConfigWork, retryOf: OperationView | undefined): Promise<{ now: Situation; config: ConfigParams }> {
  const { params, content } = work;
  const { version } = await readConfigFile(of.dir, EDITABLE[params.file]);
  const file = EDITABLE[params.file];
  if (version !== params.version && version !== params.expected) throw new PanelError('config_changed', { file }, { status: 409 });
  if (!content && version !== params.version) throw new PanelError('config_content_gone', { file }, { status: 409 });
  if (kind === 'save-config') return { now: await situation(kind, params.file, of), config: { ...params, services: [] } };
  const merged = await mergedGate(params.file, of);
  if (merged.answer === 'refused') throw new PanelError(`gate_${merged.why}`, merged.params, { status: 409 });
  if (!work.content) {
    const services = retryOf?.config?.services ?? [];
    return { now: await situation(kind, params.file, of, true, { config: { services } }), config: { ...params, services } };
  }
  const { services, situation: now } = await planApply(params.file, of, work.content.text, params.expected !== params.version);
  const more = services.filter((name) => !work.announced.includes(name));
  if (more.length > 0) throw new PanelError('config_plan_changed', { services: more.join(', ') }, { status: 409 });
  return { now, config: { ...params, services } };
}

/**
 * Saves (`apply`: and applies) what `changedFile` made of a file. `announced`: the services that the plan named; applying
 * that would touch another one is refused (config_plan_changed). Other refusals as startOperation's, besides:
 * config_changed, config_compose_refuses, gate_node_config_merged, gate_node_config_other.
 */
export async function startConfig(request: { file: EditableFile; changed: ChangedFile; how: ConfigParams['how']; apply: boolean; announced?: string[]; reason?: string; shown?: string[]; user: string; ip: string }): Promise<{ id: string }> {
  const { file, changed, how, apply, announced = [], reason, shown, user, ip } = request;
  const { text, before, hasSecret, secrets } = changed;
  const kind: FileKind = apply ? 'apply-config' : 'save-config';
  const params = { file, expected: before.version, version: before.text === text ? before.version : versionOfText(text), changed: changed.changed, how };
  return whileMasked(`save ${randomUUID()}`, secrets, () => audited({ user, ip }, `operation.${kind}`, file, () => start({ kind, target: file, reason, shown, user, ip }, undefined, { params, content: { text, hasSecret, secrets }, announced })));
}

/**
 * Writes the row, starts the operation detached from the caller, returns its id. Refusals (audited): operation_running,
 * operation_reason_needed, gate_tmkms_*, operation_no_deployment, service_unknown, operation_other_directory, engine_*, compose_*.
 */
export const startOperation = (request: StartRequest): Promise<{ id: string }> => audited(request, `operation.${request.kind}`, request.target, () => start(request));

/** Does an operation that didn't succeed once more, as a new row. What it had reached already isn't done again. A reason is typed anew, for what speaks against it now. */
export async function retryOperation(id: string, by: { user: string; ip: string; reason?: string; shown?: string[] }): Promise<{ id: string }> {
  return audited(by, 'operation.retry', id, async () => {
    const old = await operation(id);
    if (!old) throw new PanelError('operation_unknown', { id }, { status: 404 });
    if (!isOver(old.state) || old.state === 'succeeded') throw new PanelError('operation_not_retryable', { state: old.state }, { status: 409 });
    const work = isFileKind(old.kind) && old.config ? { params: old.config } : undefined;
    return start({ kind: old.kind, target: old.target, params: old.params, reason: by.reason, shown: by.shown, user: by.user, ip: by.ip }, old, work);
  });
}

/** Stops an operation that is under way; what it has done stays, a durable one takes it back. Throws operation_unknown, operation_over. */
export async function cancelOperation(id: string, by: { user: string; ip: string }): Promise<void> {
  await recoverOperations();
  await audited(by, 'operation.cancel', id, async () => {
    const found = await operation(id);
    if (!found) throw new PanelError('operation_unknown', { id }, { status: 404 });
    if (isOver(found.state)) throw new PanelError('operation_over', { state: found.state }, { status: 409 });
    if (!isRunningHere(id)) await close(id, 'interrupted', { error: { code: 'operation_interrupted', params: {} } });
    else stopRunning(id);
    await surroundings().audit({ user: by.user, ip: by.ip, action: 'operation.cancel', target: id, result: 'ok' });
  });
}

export { finished } from './runner.ts';
export { recoverOperations } from './recovery.ts';
export { listOperations, openOperations, operation, operationOutput } from './store.ts';
