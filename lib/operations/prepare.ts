import { PanelError } from '#lib/core/errors.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { EDITABLE } from '#lib/deployment/config-schema.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { ConfigContent } from '#lib/operations/config/content.ts';
import { mergedGate, planApply } from '#lib/operations/config/plan.ts';
import type { PhaseKnowledge } from './gate.ts';
import { PROCEDURES } from './procedures.ts';
import { type ConfigParams, type FileKind, isFileKind, type Kind, type OperationView } from './schema.ts';
import { type Situation, situation } from './situation.ts';
import { BARE_COMMANDS } from './work-plans.ts';

/**
 * A save comes with its content, and with the services that its plan named. Without content (a retry, an apply that waited)
 * it goes on only where the file was written, and replaces the services that are named.
 */
export type ConfigWork = { params: Omit<ConfigParams, 'services'> } & ({ content: ConfigContent; announced: string[] } | { content?: undefined; services: string[] });

/** What the operation is alone on: the deployment, or the part of it that it touches. */
export function lockOf(kind: Kind, of: Deployment | undefined, params: unknown): string {
  const procedure = PROCEDURES[kind];
  if (!of) return procedure.lockOf?.(params) ?? 'machine';
  return procedure.lock ? `${of.project.name}:${procedure.lock}` : of.project.name;
}

export type Asked = { kind: Kind; target?: string; params?: unknown; work?: ConfigWork };
export type Prepared = { now: Situation | Pick<Situation, 'affected' | 'command'>; config?: ConfigParams };

/** What the operation would do now. Throws what situation() throws, and for files config_changed, config_content_gone, config_plan_changed, gate_node_config_*. */
export async function prepare({ kind, target, params, work }: Asked, of: Deployment | undefined): Promise<Prepared> {
  if (of && work && isFileKind(kind)) return planConfig(kind, of, work);
  if (of) return { now: await situation(kind, target, of, true, { params }) };
  return { now: { affected: [], command: BARE_COMMANDS[kind]?.(params) ?? [] } };
}

/** What an operation that is in the journal asked for. */
export const askedBy = (row: OperationView): Asked => ({
  kind: row.kind,
  target: row.target,
  params: row.params,
  ...(isFileKind(row.kind) && row.config ? { work: { params: row.config, services: row.config.services } } : {}),
});

/** What a save would do to containers, before its row is written: what was announced, and no more. */
async function planConfig(kind: FileKind, of: Deployment, work: ConfigWork): Promise<Prepared> {
  const { params } = work;
  const file = EDITABLE[params.file];
  const { version } = await readConfigFile(of.dir, file);
  if (version !== params.version && version !== params.expected) throw new PanelError('config_changed', { file }, { status: 409 });
  if (!work.content && version !== params.version) throw new PanelError('config_content_gone', { file }, { status: 409 });
  if (kind === 'save-config') return { now: await situation(kind, params.file, of), config: { ...params, services: [] } };
  const merged = await mergedGate(params.file, of);
  if (merged.answer === 'refused') throw new PanelError(`gate_${merged.why}`, merged.params, { status: 409 });
  if (!work.content) return { now: await situation(kind, params.file, of, true, { config: work }), config: { ...params, services: work.services } };
  const { services, situation: now } = await planAnnounced(of, work);
  return { now, config: { ...params, services } };
}

/** What applying a new content would replace. Throws config_plan_changed where that is more than was on the screen. */
export async function planAnnounced(of: Deployment, { params, content, announced }: Extract<ConfigWork, { content: ConfigContent }>) {
  const planned = await planApply(params.file, of, content.text, params.expected !== params.version);
  const more = planned.services.filter((name) => !announced.includes(name));
  if (more.length > 0) throw new PanelError('config_plan_changed', { services: more.join(', ') }, { status: 409 });
  return planned;
}

/** Phase and epoch for the record. A confirmation PoC runs inside the phase Inference: for the record it is the thing to know. */
export const momentOf = (phase: PhaseKnowledge): { phase?: string; epoch?: number } =>
  phase.known ? { phase: phase.clock.confirmationPocActive ? 'ConfirmationPoC' : phase.clock.phase, epoch: phase.clock.epoch } : {};
