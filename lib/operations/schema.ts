import { z } from 'zod';
import { editableFile, fileVersion } from '#lib/deployment/config-schema.ts';
import type { SafeWindow } from './safe-window.ts';

/**
 * What can be done, as data. `target` says whether a service, or a group of them, or a file (`env`, `node-config`) is named (`none`: what is
 * wanted stands in its params, work-params.ts), `deadlineMs` after how long the operation is given up (a pull of images
 * takes as long as the line needs). `bare`: there is no deployment yet. `durable`: it waits for days, so it outlives the panel
 * and has no deadline; `deadlineMs` is that of one of its commands.
 */
export const KINDS = {
  'launch-chain': { target: 'chain', deadlineMs: 3 * 60 * 60_000 },
  'launch-all': { target: 'all', deadlineMs: 6 * 60 * 60_000 },
  start: { target: 'service', deadlineMs: 60 * 60_000 },
  stop: { target: 'service', deadlineMs: 15 * 60_000 },
  restart: { target: 'service', deadlineMs: 15 * 60_000 },
  recreate: { target: 'service', deadlineMs: 60 * 60_000 },
  up: { target: 'service', deadlineMs: 6 * 60 * 60_000 },
  down: { target: 'service', deadlineMs: 30 * 60_000 },
  pull: { target: 'service', deadlineMs: 24 * 60 * 60_000 },
  'save-config': { target: 'file', deadlineMs: 2 * 60_000 },
  'apply-config': { target: 'file', deadlineMs: 60 * 60_000 },
  'close-ports': { target: 'none', deadlineMs: 60 * 60_000 },
  'open-ports': { target: 'none', deadlineMs: 60 * 60_000 },
  'get-deployment': { target: 'none', deadlineMs: 60 * 60_000, bare: true },
  'register-host': { target: 'none', deadlineMs: 15 * 60_000 },
  'pull-images': { target: 'none', deadlineMs: 24 * 60 * 60_000 },
  'get-weights': { target: 'none', deadlineMs: 7 * 24 * 60 * 60_000 },
  'safe-exit': { target: 'none', deadlineMs: 60 * 60_000, durable: true },
  maintenance: { target: 'none', deadlineMs: 60 * 60_000, durable: true },
  'create-ml-key': { target: 'none', deadlineMs: 10 * 60_000 },
  'ml-enable': { target: 'none', deadlineMs: 10 * 60_000 },
  'ml-disable': { target: 'none', deadlineMs: 10 * 60_000 },
  'ml-delete': { target: 'none', deadlineMs: 10 * 60_000 },
  'ml-save': { target: 'none', deadlineMs: 10 * 60_000 },
  'ml-add-many': { target: 'none', deadlineMs: 10 * 60_000 },
  reset: { target: 'none', deadlineMs: 6 * 60 * 60_000 },
} as const satisfies Record<string, { target: Target; deadlineMs: number; bare?: true; durable?: true }>;

type Target = 'chain' | 'all' | 'service' | 'file' | 'none';
export type Kind = keyof typeof KINDS;
export const targetOf = (kind: Kind): Target => KINDS[kind].target;
const kindNames = Object.keys(KINDS) as [Kind, ...Kind[]];
export const kindSchema = z.enum(kindNames);
/** Kinds whose content comes with them, from a route of their own. */
export type FileKind = 'save-config' | 'apply-config';
export const isFileKind = (kind: Kind): kind is FileKind => KINDS[kind].target === 'file';
/** Kinds that name one service, or a group. */
export type ServiceKind = { [K in Kind]: (typeof KINDS)[K]['target'] extends 'service' ? K : never }[Kind];
/** True where the operation comes before there is a deployment. */
export const isBare = (kind: Kind): boolean => 'bare' in KINDS[kind];
/** True where the operation goes on where it was after a restart of the panel. */
export const isDurable = (kind: Kind): boolean => 'durable' in KINDS[kind];
const namesTarget = (kind: Kind): boolean => ['service', 'file'].includes(targetOf(kind));

/** Compose's own rule for names; a leading dash can't become an option. */
export const serviceName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/);
/** Groups of services, where one service could be named: no service's name begins with this sign. */
export const GROUPS = ['@all', '@network', '@ml'] as const;
export type Group = (typeof GROUPS)[number];
export const isGroup = (target: string): target is Group => (GROUPS as readonly string[]).includes(target);
export const operationId = z.uuid();

/** Shortest reason that says something. */
export const REASON_MIN = 10;
const REASON_MAX = 500;

const named = z
  .object({ kind: kindSchema, target: serviceName.or(z.enum(GROUPS)).optional(), /** Checked by the kind's own schema, work-params.ts. */ params: z.unknown().optional() })
  .refine((o) => namesTarget(o.kind) === (o.target !== undefined), { path: ['target'] })
  .refine((o) => !isGroup(o.target ?? '') || targetOf(o.kind) === 'service', { path: ['target'] })
  .refine((o) => !isFileKind(o.kind) || editableFile.safeParse(o.target).success, { path: ['target'] });

/** `{kind, target, params?, retryOf?}`: what a preview is asked for. A retry of a save is told from its row; a new one is previewed under /api/config. */
export const previewInput = named.and(z.object({ retryOf: operationId.optional() }));
/** What a person sends to start an operation. */
export const reasonSchema = z.string().trim().max(REASON_MAX).optional();
/** Whys of the gate that were on the screen when the reason was typed: a reason answers these and no others. */
export const shownSchema = z.array(z.string().max(60)).max(20).default([]);
/** `window`: not before the gate says yes, at the next safe window. */
export const whenSchema = z.enum(['now', 'window']).default('now');
export const startInput = named.and(z.object({ reason: reasonSchema, shown: shownSchema, when: whenSchema }));

export type StartInput = z.input<typeof startInput>;
/** `user` = user name, kept in the history. */
export type StartRequest = StartInput & { user: string; ip: string };

/**
 * What the journal keeps of a save: versions and names, never values. `expected` is the version that is replaced, `version`
 * the new one; `services` are those that applying recreates.
 */
export const configParams = z.object({ file: editableFile, expected: fileVersion, version: fileVersion, changed: z.array(z.string()), how: z.enum(['saved', 'restored']), services: z.array(z.string()) });
export type ConfigParams = z.infer<typeof configParams>;

export const STATES = ['scheduled', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const;
export type State = (typeof STATES)[number];
/** `scheduled`: waits for the gate's yes; it holds no lock and has done nothing yet. */
export const isOver = (state: State): boolean => !['scheduled', 'queued', 'running'].includes(state);

export type StepState = 'pending' | 'running' | 'done' | 'skipped' | 'failed' | 'interrupted';
/** A sentence in data: `code` is a message key, `params` its values. */
export type Words = { code: string; params: Record<string, string | number> };

/** `name`: key under operations.steps. `detail.code`: key under operations.evidence, for a failed step under errors. */
export type StepView = { position: number; name: string; state: StepState; detail?: Words; startedAt?: string; endedAt?: string };

/** One operation as pages and routes get it. Times ISO 8601 UTC. */
export type OperationView = {
  id: string;
  kind: Kind;
  target?: string;
  state: State;
  /** argv, redacted */
  command?: string[];
  project?: string;
  reason?: string;
  /** What spoke against it, and the reason was typed for. */
  reasonFor?: Against[];
  /** Epoch phase at the start (`ConfirmationPoC` when one ran); absent: unknown then. */
  phase?: string;
  epoch?: number;
  startedBy: string;
  ip?: string;
  retryOf?: string;
  /** Of save-config and apply-config. */
  config?: ConfigParams;
  /** Of a kind whose target is `none`; read by the kind's own schema. */
  params?: unknown;
  /** How far it is, while it runs. */
  progress?: SeenProgress;
  /** While it is scheduled: what it waits for, as it was weighed last. Absent until it has been, after a start of the panel. */
  waits?: Waiting;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  durationMs?: number;
  exitCode?: number;
  /** A code under errors. */
  error?: Words;
  steps: StepView[];
};

/** `at`: when it was weighed (ms). `window`: when it may begin, where that is known. */
export type Waiting = { at: number; reasons: Against[]; window?: SafeWindow };

/** One thing of a progress: a layer, a file. Sizes in bytes; `total` absent: not known yet. */
export type ProgressPart = { name: string; state: 'waiting' | 'working' | 'done' | 'failed'; /** What is done with it, where that isn't moving bytes. */ doing?: 'verifying' | 'extracting'; done: number; total?: number };
/** How far the running step is, in bytes; rate in bytes a second. In memory only: after a restart it is measured anew. */
export type Progress = { done: number; total?: number; perSecond?: number; secondsLeft?: number; parts: ProgressPart[] };
/** `at`: when it was measured, in ms. */
export type SeenProgress = Progress & { at: number };

/** A line of output. The panel's own lines are words in data (keys under operations.output), all others text. */
export type OutputLine = { id: number; at: string } & ({ stream: 'stdout' | 'stderr'; line: string } | ({ stream: 'panel' } & Words));

const list = <T extends z.ZodType>(one: T) => z.preprocess((v) => (v === undefined || v === '' ? undefined : Array.isArray(v) ? v : [v]), z.array(one).max(20).optional());

/** The history's filter, as it stands in the address: `?state=failed&kind=restart&service=node&user=ann&before=ID`. */
export const historyFilter = z.object({
  state: list(z.enum(STATES)),
  kind: list(kindSchema),
  service: list(serviceName.or(z.enum(GROUPS))),
  user: z.string().max(100).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Rows older than this operation (paging). */
  before: operationId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type HistoryFilter = z.input<typeof historyFilter>;

/** What speaks against it; `why` is a key under operations.gate. */
export type Against = { why: string; params: Record<string, string | number> };
/** `reasons`: all that speaks against it; one typed reason has to answer them all. */
/** `window`: when nothing of it will speak against it any more; absent: nobody knows, or waiting doesn't help. */
export type Gate = { answer: 'yes' } | { answer: 'reason-needed'; reasons: Against[]; window?: SafeWindow } | ({ answer: 'refused' } & Against);

/** Those of a gate's reasons that weren't on the screen when the reason was typed. */
export const unshown = (gate: Gate, shown: readonly string[]): Against[] => (gate.answer === 'reason-needed' ? gate.reasons.filter((one) => !shown.includes(one.why)) : []);

/** What happens to one service's container. */
export type Change = 'none' | 'create' | 'recreate' | 'start' | 'stop' | 'restart' | 'remove';
export type Preview = {
  /** argv as run */
  command: string[];
  /** One argv each, where it is more than one command; `command` is empty then. */
  commands?: string[][];
  /** argv of what pulls missing images before it; absent when none is missing. */
  pullCommand?: string[];
  gate: Gate;
  /** keys under operations.notes */
  notes: string[];
  changes: { service: string; change: Change; running: boolean }[];
  /** Images that are not on this machine and would be pulled first. */
  pulls: string[];
  /** It can wait for the next safe window; `reason`: something speaks against it that doesn't pass by itself, so a typed reason is needed all the same. */
  wait?: { reason: boolean };
  /** The same that waits for its safe window already; starting it now takes its place. */
  scheduled?: { id: string; startedBy: string };
};
