import { randomUUID } from 'node:crypto';
import { isPanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import { type ChangedFile, changedFile } from '#lib/deployment/config-change.ts';
import { checkOf } from '#lib/deployment/config-check.ts';
import { configField } from '#lib/deployment/config-fields.ts';
import type { ConfigChange, ConfigCheck, EditableFile } from '#lib/deployment/config-schema.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import { whileMasked } from './content.ts';
import { mergedGate, planApply } from './plan.ts';
import { strictest, waitable } from '#lib/operations/gate.ts';
import { weigh } from '#lib/operations/preview.ts';
import type { Gate, Words } from '#lib/operations/schema.ts';
import { currentContainers } from '#lib/operations/situation.ts';

/** What one service would go through when the change is applied. `variables`: the changed ones that it reads. */
export type PlannedService = { service: string; role: string; change: 'recreate' | 'create' | 'none'; running: boolean; variables: string[] };

/** What saving and applying would do. */
export type ConfigPlan = {
  check: ConfigCheck;
  services: PlannedService[];
  /** Changed variables that take effect otherwise than by a recreate: `config.takesEffect.<how>`. */
  later: { variable: string; how: string }[];
  /** argv that applying runs; empty when nothing would be recreated. */
  command: string[];
  /** argv of what pulls missing images before it. */
  pullCommand?: string[];
  /** Whether applying may be done now. */
  gate: Gate;
  /** Saved at once, the apply can wait for the next safe window; as Preview's. */
  wait?: { reason: boolean };
  /** The epoch phase now, if known. */
  phase?: { phase: string; epoch: number };
  /** Keys under operations.notes. */
  notes: string[];
  /** The file would become 0600 because it holds a secret. */
  tightens: boolean;
  /** Why the consequences can't be told (engine down, compose refuses the result); saving alone is still possible. */
  unknown?: Words;
};

/** What saving and applying a change would do. Nothing is written. Throws as changedFile does; what compose or the engine refuse is `unknown`. */
export async function previewConfig(of: Deployment, file: EditableFile, change: ConfigChange): Promise<ConfigPlan> {
  const changed = await changedFile(of.dir, file, change);
  const check = await checkOf(of, file, changed);
  const { before, hasSecret, secrets } = changed;
  const rest = { check, later: laterOf(of, file, changed), tightens: hasSecret && before.mode !== undefined && (before.mode & 0o077) !== 0 };
  return whileMasked(`plan ${randomUUID()}`, secrets, async () => {
    try {
      return { ...rest, ...(await consequences(of, file, changed)) };
    } catch (error) {
      if (!isPanelError(error)) throw error;
      return { ...rest, services: [], command: [], gate: { answer: 'refused', why: 'consequences_unknown', params: {} }, notes: [], unknown: { code: error.code, params: error.params } };
    }
  });
}

async function consequences(of: Deployment, file: EditableFile, { text, before, changed }: ChangedFile) {
  const { deployment, services, situation } = await planApply(file, of, text, (before.text ?? '') !== text);
  const containers = await currentContainers(of);
  const { gate, notes, phase } = await weigh('apply-config', situation);
  const answer = strictest([await mergedGate(file, of), gate]);
  const reads = (variables: string[]) => (file === 'env' ? changed.filter((name) => variables.includes(name)) : []);
  const shown = deployment.services.filter((one) => services.includes(one.name) || (one.active && reads(one.variables).length > 0));
  return {
    services: shown.map((one) => ({ service: one.name, role: one.role, change: services.includes(one.name) ? ('recreate' as const) : ('none' as const), running: containers.get(one.name)?.state === 'running', variables: reads(one.variables) })),
    command: situation.command.map((part) => redact(part)),
    ...(situation.pullArgs ? { pullCommand: composeCommand(deployment.project, situation.pullArgs).map((part) => redact(part)) } : {}),
    gate: answer,
    wait: waitable(answer),
    notes,
    ...(phase.known ? { phase: { phase: phase.clock.phase, epoch: phase.clock.epoch } } : {}),
  };
}

/** Variables whose new value needs more than a new container, or that nothing reads. */
function laterOf(of: Deployment, file: EditableFile, { changed }: ChangedFile): { variable: string; how: string }[] {
  if (file !== 'env') return [];
  const read = (name: string) => /^COMPOSE_/.test(name) || of.services.length === 0 || of.services.some((one) => one.variables.includes(name));
  return changed.flatMap((variable) => {
    const how = read(variable) ? (configField(variable)?.takesEffect ?? 'recreate') : 'unread';
    return how === 'recreate' ? [] : [{ variable, how }];
  });
}
