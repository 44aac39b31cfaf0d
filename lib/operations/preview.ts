import { isDeepStrictEqual } from 'node:util';
import { clock } from '#lib/core/clock.ts';
import { redact } from '#lib/core/redact.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import { isCrashLooping } from '#lib/operations/lifecycle/crash-loop.ts';
import { gate, isGuarded, type PhaseKnowledge, strictest, waitable } from './gate.ts';
import { type Change, type Gate, isBare, type Kind, type OperationView, type Preview, targetOf } from './schema.ts';
import { type Affected, deployment, type Situation, situation } from './situation.ts';
import { workParams } from './work-params.ts';
import { BARE_COMMANDS } from './work-plans.ts';
import { operation, scheduledOperations } from './store.ts';
import { surroundings } from './surroundings.ts';
import { tmkmsGate } from '#lib/operations/interlock/tmkms-key-check.ts';

/** What an operation does that comes before there is a deployment. */
type Bare = Pick<Situation, 'affected' | 'command'>;
const YES: Gate = { answer: 'yes' };

/** `moment`: the phase gate's part of the answer alone, without what the key and the files say. */
export type Weighed = { gate: Gate; moment: Gate; notes: string[]; phase: PhaseKnowledge };

const isLaunch = (kind: Kind) => kind === 'up' || ['chain', 'all'].includes(targetOf(kind));

const interrupts = (change: Change) => change === 'restart' || change === 'recreate' || change === 'stop' || change === 'remove';

function notesOf(kind: Kind, { service, container, change }: Affected): string[] {
  const notes: string[] = [];
  const interrupted = interrupts(change);
  if (change === 'none') notes.push('nothing_to_do');
  if (change === 'create' && !isLaunch(kind)) notes.push('creates_container');
  if (interrupted && (service.role === 'api' || service.role === 'node')) {
    if (service.role === 'node') notes.push('node_takes_api_along');
    notes.push('forgets_disabled_ml_nodes');
  }
  if (interrupted && (service.role === 'tmkms' || service.role === 'node')) notes.push('misses_blocks');
  if (['restart', 'recreate'].includes(change) && service.role === 'mlnode') notes.push('loads_model_again');
  if (interrupted && service.role === 'inference') notes.push('cuts_off_ml_nodes');
  if ((change === 'stop' || change === 'remove') && isGuarded(service)) notes.push('stop_loses_rewards');
  if (change === 'stop') notes.push('stays_stopped');
  if (change === 'remove') notes.push('keeps_volumes');
  if (change === 'restart' || (kind === 'start' && change === 'start')) notes.push('keeps_configuration');
  if (change === 'recreate') notes.push(isLaunch(kind) ? 'recreates_changed' : 'applies_configuration');
  if (['apply-config', 'close-ports', 'open-ports'].includes(kind) && change === 'recreate' && container && !['running', 'restarting', 'paused'].includes(container.state)) notes.push('starts_stopped');
  if (container?.state === 'paused') notes.push('is_paused');
  return notes;
}

/** Whether it may be done now and what it means. Asks the chain and, for tmkms, the key. */
export async function weigh(kind: Kind, now: Situation | Bare): Promise<Weighed> {
  const around = surroundings();
  const interrupted = now.affected.filter(({ service, change }) => isGuarded(service) && interrupts(change));
  const interruptsApi = interrupted.some(({ service }) => service.role === 'api');
  const [phase, membership, tmkms, wedged, leaving] = await Promise.all([
    around.phase(), around.membership(), 'deployment' in now ? tmkmsGate(now) : { gate: YES, notes: [] },
    interruptsApi && around.wedged(), 'deployment' in now && interrupted.length > 0 ? around.exitUnderWay(now.deployment.project.name) : undefined,
  ]);
  const own: Pick<Situation, 'gate' | 'notes'> = 'deployment' in now ? now : {};
  const gates = now.affected.map(({ service, container, change }) =>
    gate({ change, service, container, crashLooping: container ? isCrashLooping(container) : false, wedged: service.role === 'api' && wedged, phase, membership, leaving, now: clock.now() }),
  );
  const moment = strictest(gates);
  // An api that goes itself isn't started again by Docker.
  const apiGoes = now.affected.some(({ service, change }) => service.role === 'api' && (change === 'stop' || change === 'remove'));
  const notes = [...new Set(now.affected.flatMap((one) => notesOf(kind, one)).concat(tmkms.notes, own.notes ?? []))].filter((note) => note !== 'node_takes_api_along' || !apiGoes);
  if (pulls(now).length) notes.push('pulls_images');
  // One service that stays as it is among others that don't.
  const changes = now.affected.some((one) => one.change !== 'none');
  return { gate: strictest([tmkms.gate, own.gate ?? YES, moment]), moment, notes: changes ? notes.filter((note) => note !== 'nothing_to_do') : notes, phase };
}

const pulls = (now: Situation | Bare): string[] => ('pullArgs' in now && now.pullArgs ? [...new Set(now.affected.filter((a) => !a.image).map((a) => a.service.image))] : []);

/** The one among them that does the same to the same. */
export const sameOf = (among: OperationView[], kind: Kind, target: string | undefined, params: unknown): OperationView | undefined =>
  among.find((one) => one.kind === kind && one.target === target && (target !== undefined || isDeepStrictEqual(one.params ?? {}, params ?? {})));

/** The literal command, what it would change, what it means, and whether the gate lets it pass. Changes nothing. */
export async function previewOperation({ kind, target, params, retryOf }: { kind: Kind; target?: string; params?: unknown; retryOf?: string }): Promise<Preview> {
  const row = retryOf ? await operation(retryOf) : undefined;
  const given = row?.params ?? workParams(kind, params);
  if (isBare(kind)) return { command: (BARE_COMMANDS[kind]?.(given) ?? []).map((part) => redact(part)), gate: { answer: 'yes' }, notes: [], changes: [], pulls: [] };
  const now = await situation(kind, target, await deployment(), true, { config: row?.config, params: given });
  const { gate: answer, notes } = await weigh(kind, now);
  const twin = sameOf(await scheduledOperations(), kind, target, given);
  return {
    command: now.command.map((part) => redact(part)),
    ...(now.commands ? { commands: now.commands.map((argv) => argv.map((part) => redact(part))) } : {}),
    pullCommand: now.pullArgs && composeCommand(now.deployment.project, now.pullArgs).map((part) => redact(part)),
    gate: answer,
    notes,
    changes: now.affected.map(({ service, container, change }) => ({ service: service.name, change, running: container?.state === 'running' })),
    pulls: pulls(now).map((image) => redact(image)),
    wait: waitable(answer),
    ...(twin ? { scheduled: { id: twin.id, startedBy: twin.startedBy } } : {}),
  };
}
