import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { redact } from '#lib/core/redact.ts';
import { db } from '#lib/db/client.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { announce } from '#lib/operations/lifecycle/fan-out.ts';
import { progressOf } from './progress.ts';
import { waitingOf } from './waiting.ts';
import { type Against, type ConfigParams, configParams, type HistoryFilter, historyFilter, type Kind, kindSchema, type OperationView, type OutputLine, type State, type StepState, type StepView, targetOf, type Words } from './schema.ts';

type Row = Prisma.OperationGetPayload<{ include: { steps: true } }>;

const now = () => new Date(clock.now());
const kindTarget = (kind: string) => targetOf(kindSchema.parse(kind));
const json = (value: unknown) => redact(JSON.stringify(value));

function parsed<T>(text: string | null): T | undefined {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined; // a value that the redactor cut is better missing than fatal
  }
}

function paramsOf(row: Row): Pick<OperationView, 'config' | 'params'> {
  const target = kindTarget(row.kind);
  if (target === 'file') return { config: configParams.safeParse(parsed(row.params)).data };
  return target === 'none' ? { params: parsed(row.params) } : {};
}

function view(row: Row): OperationView {
  const end = row.endedAt ?? (row.startedAt ? now() : undefined);
  return {
    id: row.id,
    kind: kindSchema.parse(row.kind),
    target: row.target ?? undefined,
    state: row.state as State,
    command: parsed<string[]>(row.command),
    project: row.project ?? undefined,
    reason: row.reason ?? undefined,
    reasonFor: parsed<Against[]>(row.reasonFor),
    phase: row.phase ?? undefined,
    epoch: row.epoch ?? undefined,
    startedBy: row.startedBy,
    ip: row.ip ?? undefined,
    retryOf: row.retryOf ?? undefined,
    ...paramsOf(row),
    progress: progressOf(row.id),
    waits: row.state === 'scheduled' ? waitingOf(row.id) : undefined,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString(),
    endedAt: row.endedAt?.toISOString(),
    durationMs: row.startedAt && end ? end.getTime() - row.startedAt.getTime() : undefined,
    exitCode: row.exitCode ?? undefined,
    error: row.errorCode ? { code: row.errorCode, params: parsed(row.errorParams) ?? {} } : undefined,
    steps: row.steps
      .sort((a, b) => a.position - b.position)
      .map((s): StepView => ({ position: s.position, name: s.name, state: s.state as StepState, detail: parsed<Words>(s.detail), startedAt: s.startedAt?.toISOString(), endedAt: s.endedAt?.toISOString() })),
  };
}

/** What a scheduled operation would do, as it was shown: service → what becomes of its container. */
const planSchema = z.object({ changes: z.record(z.string(), z.string()) });
export type Plan = z.infer<typeof planSchema>;

export type NewOperation = {
  kind: Kind;
  target?: string;
  project: string;
  command: string[];
  reason?: string;
  reasonFor?: Against[];
  phase?: string;
  epoch?: number;
  startedBy: string;
  ip: string;
  retryOf?: string;
  config?: ConfigParams;
  params?: unknown;
  /** It waits for the gate's yes; what was on the screen is remembered, to be compared. */
  scheduled?: Plan;
  steps: string[];
};

/** The row and its steps, before anything is done. Returns its id. */
export async function insertOperation(o: NewOperation): Promise<string> {
  const id = randomUUID();
  const { steps, command, reason, reasonFor, config, params = config, scheduled, ...rest } = o;
  await db().operation.create({
    data: {
      ...rest,
      id,
      state: scheduled ? 'scheduled' : 'queued',
      ...(scheduled ? { memo: json(scheduled) } : {}),
      ...(params === undefined ? {} : { params: json(params) }),
      command: JSON.stringify(command.map((part) => redact(part))),
      reason: reason === undefined ? undefined : redact(reason),
      reasonFor: reasonFor && json(reasonFor),
      createdAt: now(),
      steps: { create: steps.map((name, position) => ({ name, position, state: 'pending' })) },
    },
  });
  return id;
}

/** One operation with its steps, or undefined. */
export async function operation(id: string): Promise<OperationView | undefined> {
  const row = await db().operation.findUnique({ where: { id }, include: { steps: true } });
  return row ? view(row) : undefined;
}

/** The operation that holds the lock of this compose project (all projects when undefined). */
export async function openOperations(project?: string): Promise<OperationView[]> {
  const rows = await db().operation.findMany({ where: { state: { in: ['queued', 'running'] }, ...(project === undefined ? {} : { project }) }, include: { steps: true }, orderBy: { createdAt: 'asc' } });
  return rows.map(view);
}

/** The operations that wait for their safe window, oldest first; of one project when it is given. */
export async function scheduledOperations(project?: string): Promise<OperationView[]> {
  const rows = await db().operation.findMany({ where: { state: 'scheduled', ...(project === undefined ? {} : { project }) }, include: { steps: true }, orderBy: { createdAt: 'asc' } });
  return rows.map(view);
}

/** What was on the screen when it was scheduled; undefined when that can't be read any more. */
export async function planOf(id: string): Promise<Plan | undefined> {
  return planSchema.safeParse(await memoOf(id)).data;
}

/** Turns a scheduled operation into one that starts now. False when it isn't scheduled any more: somebody has cancelled it. */
export async function takeScheduled(id: string, at: { command: string[]; phase?: string; epoch?: number }): Promise<boolean> {
  const { count } = await db().operation.updateMany({ where: { id, state: 'scheduled' }, data: { state: 'queued', command: JSON.stringify(at.command.map((part) => redact(part))), phase: at.phase, epoch: at.epoch } });
  announce(id);
  return count === 1;
}

/** Ends an operation that is still scheduled. False when it isn't any more. */
export async function closeScheduled(id: string, state: 'cancelled' | 'failed', error?: Words): Promise<boolean> {
  const { count } = await db().operation.updateMany({ where: { id, state: 'scheduled' }, data: { state, endedAt: now(), errorCode: error?.code, errorParams: error && json(error.params) } });
  announce(id);
  return count === 1;
}

/** Puts one that was taken, but had begun nothing when the panel was killed, back among the scheduled. */
export async function backToScheduled(id: string): Promise<boolean> {
  const { count } = await db().operation.updateMany({ where: { id, state: 'queued', startedAt: null, memo: { not: null } }, data: { state: 'scheduled', phase: null, epoch: null } });
  announce(id);
  return count === 1;
}

/** The history, newest first; `next` is the id to give as `before` for the following page. */
export async function listOperations(filter: HistoryFilter = {}): Promise<{ operations: OperationView[]; next?: string }> {
  const f = historyFilter.parse(filter);
  const rows = await db().operation.findMany({
    where: {
      ...(f.state ? { state: { in: f.state } } : {}),
      ...(f.kind ? { kind: { in: f.kind } } : {}),
      ...(f.service ? { target: { in: f.service } } : {}),
      ...(f.user ? { startedBy: f.user } : {}),
      ...(f.from || f.to ? { createdAt: { ...(f.from ? { gte: new Date(f.from) } : {}), ...(f.to ? { lte: new Date(f.to) } : {}) } } : {}),
    },
    include: { steps: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    ...(f.before ? { cursor: { id: f.before }, skip: 1 } : {}),
    take: f.limit + 1,
  });
  const operations = rows.slice(0, f.limit).map(view);
  return { operations, next: rows.length > f.limit ? operations.at(-1)?.id : undefined };
}

/** A durable one that goes on keeps the time of its first start. */
export async function markRunning(id: string): Promise<void> {
  await db().operation.update({ where: { id }, data: { state: 'running' } });
  await db().operation.updateMany({ where: { id, startedAt: null }, data: { startedAt: now() } });
  announce(id);
}

/** What the operation is alone on from now on; lib/operations/locks.ts asks first. */
export async function moveLock(id: string, project: string): Promise<void> {
  await db().operation.update({ where: { id }, data: { project } });
  announce(id);
}

/** What a durable operation remembers, as JSON; undefined when there is nothing. Its shape is the kind's own. */
export async function memoOf(id: string): Promise<unknown> {
  const row = await db().operation.findUnique({ where: { id }, select: { memo: true } });
  return parsed(row?.memo ?? null);
}

export async function keepMemo(id: string, memo: unknown): Promise<void> {
  await db().operation.update({ where: { id }, data: { memo: json(memo) } });
  announce(id);
}

/** Closes an operation. One that is over already keeps its first ending. */
export async function close(id: string, state: Exclude<State, 'scheduled' | 'queued' | 'running'>, more: { error?: Words; exitCode?: number | null } = {}): Promise<void> {
  await db().operation.updateMany({
    where: { id, state: { in: ['queued', 'running'] } },
    data: { state, endedAt: now(), exitCode: more.exitCode ?? undefined, errorCode: more.error?.code, errorParams: more.error && json(more.error.params) },
  });
  announce(id);
}

export async function markStep(operationId: string, position: number, state: StepState, detail?: Words): Promise<void> {
  await db().operationStep.update({
    where: { operationId_position: { operationId, position } },
    data: { state, ...(state === 'running' ? { startedAt: now() } : { endedAt: now() }), ...(detail ? { detail: json(detail) } : {}) },
  });
  announce(operationId);
}

async function insertStep(operationId: string, step: { name: string; state: StepState; startedAt: Date; endedAt?: Date; detail?: string }): Promise<number> {
  const last = await db().operationStep.aggregate({ where: { operationId }, _max: { position: true } });
  const position = (last._max.position ?? -1) + 1;
  await db().operationStep.create({ data: { operationId, position, ...step } });
  announce(operationId);
  return position;
}

/** A step that wasn't planned, begun now. Returns its position. */
export const beginStep = (operationId: string, name: string): Promise<number> => insertStep(operationId, { name, state: 'running', startedAt: now() });

/** A step that wasn't planned: what was found when the operation ended otherwise than wished. */
export async function addStep(operationId: string, name: string, detail: Words): Promise<void> {
  await insertStep(operationId, { name, state: 'done', startedAt: now(), endedAt: now(), detail: json(detail) });
}

export type OutputRow = { at: Date; stream: 'stdout' | 'stderr' | 'panel'; line: string };

/** Appends lines that are redacted already (OutputWriter is the only caller). */
export async function appendOutput(operationId: string, rows: OutputRow[]): Promise<void> {
  await db().operationOutput.createMany({ data: rows.map((row) => ({ ...row, operationId })) });
  announce(operationId);
}

/** Output after the line with id `after`, oldest first. */
export async function operationOutput(operationId: string, after = 0, limit = 1000): Promise<OutputLine[]> {
  const rows = await db().operationOutput.findMany({ where: { operationId, id: { gt: after } }, orderBy: { id: 'asc' }, take: limit });
  return rows.map((row) => {
    const at = row.at.toISOString();
    if (row.stream !== 'panel') return { id: row.id, at, stream: row.stream as 'stdout' | 'stderr', line: row.line };
    return { id: row.id, at, stream: 'panel', ...(parsed<Words>(row.line) ?? { code: 'unreadable', params: {} }) };
  });
}
