import { z } from 'zod';
import { reasonSchema, shownSchema, type State, type Words } from '#lib/operations/schema.ts';

/** The operations that leave the network: `safe-exit` ends with a stop, `maintenance` goes on to a way back. Both are durable. */
export const EXIT_KINDS = ['safe-exit', 'maintenance'] as const;
export type ExitKind = (typeof EXIT_KINDS)[number];

/**
 * What leaves. `host`: every ML node, then the whole stack goes down. `ml-nodes`: every ML node and the containers of the ML
 * services; the network node runs on. `ml-node`: one of the api's list; the containers of the ML services go only where
 * no other ML node is left that they could serve.
 */
export const exitParams = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('host') }),
  z.object({ scope: z.literal('ml-nodes') }),
  z.object({ scope: z.literal('ml-node'), node: z.string().min(1).max(256) }),
]);
export type ExitParams = z.infer<typeof exitParams>;

const words = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
const most = <T extends z.ZodType>(one: T, count: number) => z.array(one).default([]).transform((list) => list.slice(-count));

/** One ML node as the exit remembers it. Heights are blocks, epochs are chain epochs, times ms since 1970. */
const exitNode = z.object({
  id: z.string(),
  /** When the exit disabled it, or found it disabled already. */
  disabledAt: z.number().optional(),
  /** True when it was enabled before the exit: what a cancel and a resume enable again. */
  ours: z.boolean().default(false),
  /** The epoch of its disable: only a set of a later epoch proves anything. Raised where a PoC went by without the disable. */
  epoch: z.number().optional(),
  /** `admin_state.epoch` as last seen disabled: a higher one means that it was switched in between. */
  adminEpoch: z.number().optional(),
  /** Where the chain was when it was last seen disabled. */
  seenAt: z.object({ height: z.number(), latestEpoch: z.number(), inPoc: z.boolean() }).optional(),
  /** How often an api restart forgot the disable. */
  forgotten: z.number().default(0),
  /** Block since when the api's list doesn't have it. */
  missingSince: z.number().optional(),
});
export type ExitNode = z.infer<typeof exitNode>;

export const WITNESSES = ['participants', 'validators', 'staking'] as const;
/** What was asked: the active participants, CometBFT's validators, the staking validator. */
export type WitnessKind = (typeof WITNESSES)[number];
/**
 * One strict answer about this host. `out` is evidence, `in` too; `unknown` says by `why` (a key under exit.unknown) what keeps
 * it from being evidence. `place`: host name of who answered, `own node` for the own one.
 */
const witness = z.object({
  kind: z.enum(WITNESSES),
  place: z.string(),
  says: z.enum(['out', 'in', 'unknown']),
  why: words.optional(),
  epoch: z.number().optional(),
  height: z.number().optional(),
  at: z.number().optional(),
  weight: z.number().optional(),
  /** Other hosts with weight above 0 in the same answer. */
  others: z.number().optional(),
});
export type Witness = z.infer<typeof witness>;

/**
 * The reward of the last epoch in which the host had weight. `claimed` and `nothing` are settled; `open` waits for the api or
 * for a recovery. `reward`: ngonka as a decimal string.
 */
const claim = z.object({
  epoch: z.number(),
  state: z.enum(['claimed', 'nothing', 'open', 'unknown']),
  reward: z.string().optional(),
  why: words.optional(),
  /** Block until which it can be claimed. */
  until: z.number().optional(),
  at: z.number().optional(),
  source: z.string().optional(),
});
export type ExitClaim = z.infer<typeof claim>;

/** `node_enabled`: somebody enabled a node by hand; `node_added`: one was added. The exit waits for an answer and fights nobody. */
const question = z.object({ code: z.enum(['node_enabled', 'node_added']), nodes: z.array(z.string()), at: z.number() });
export type ExitQuestion = z.infer<typeof question>;

/** `go-on`: disable these nodes too and go on; `nodes`: those that were on the screen. The other answer is to cancel the operation. */
export const exitAnswer = z.object({ answer: z.enum(['go-on']), nodes: z.array(z.string().min(1).max(256)).min(1).max(1000) });
export type ExitAnswer = z.infer<typeof exitAnswer>;

/** A resume, with a reason where something speaks against the start; `shown`: the whys that were on the screen. */
export const exitResume = z.object({ reason: reasonSchema, shown: shownSchema });
export type ExitResume = z.infer<typeof exitResume>;

/** What is waited for; `code` is a key under exit.waits. `block`: until then at least; `at`: about when that is. */
const wait = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])).default({}), epoch: z.number().optional(), block: z.number().optional(), at: z.number().optional() });
export type ExitWait = z.infer<typeof wait>;

/** What stopping at that moment would have cost; `known` false: nobody can say whether the host is in the set. */
const cost = z.object({
  known: z.boolean(),
  inSet: z.boolean(),
  epoch: z.number().optional(),
  weight: z.number().optional(),
  totalWeight: z.number().optional(),
  /** ngonka that the last settled epoch brought, as a decimal string: about what the running one is worth. */
  lastReward: z.object({ epoch: z.number(), reward: z.string() }).optional(),
  /** ngonka that are earned and not claimed yet: they'd be burned. */
  unclaimed: z.object({ epoch: z.number(), reward: z.string() }).optional(),
});
export type ExitCost = z.infer<typeof cost>;

const clockSeen = z.object({ epoch: z.number(), latestEpoch: z.number(), phase: z.string(), height: z.number(), at: z.number(), source: z.string(), nextPocStart: z.number(), setNewValidators: z.number() });
export type ExitClock = z.infer<typeof clockSeen>;

export const EXIT_STAGES = ['note', 'disable', 'set', 'duty', 'claim', 'proof', 'remove', 'down', 'pause', 'start', 'healthy', 'enable', 'back', 'report'] as const;
export type ExitStage = (typeof EXIT_STAGES)[number];

/** One thing that happened, for the report: `code` is a key under exit.events. */
const event = words.extend({ at: z.number(), height: z.number().optional() });
export type ExitEvent = z.infer<typeof event>;

/** What a running exit or maintenance remembers, in `operation.memo`. Everything else is derived or read anew. */
export const exitMemo = z.object({
  /** Real path of the deployment that leaves. */
  dir: z.string().optional(),
  /** Where it began: point 1. `keys`: consensus keys (base64) under which the host may stand among the validators. */
  noted: z.object({ epoch: z.number(), latestEpoch: z.number(), phase: z.string(), height: z.number(), at: z.number(), chainId: z.string(), address: z.string(), keys: z.array(z.string()), source: z.string() }).optional(),
  nodes: z.array(exitNode).default([]),
  /** Nodes that the chain named for this host in the set of the beginning: an api that is just starting lists them late. */
  known: z.array(z.string()).default([]),
  /** All that was there at the beginning has been disabled. */
  begun: z.boolean().default(false),
  /** Nodes on duty through the next PoC, as drawn for an epoch (measured 42). */
  draws: most(z.object({ epoch: z.number(), nodes: z.array(z.string()) }), 400),
  /** The last epoch in which the host (or the one node) was seen with weight. */
  lastIn: z.object({ epoch: z.number(), weight: z.number() }).optional(),
  question: question.optional(),
  /** Nodes that a person told the exit to disable (again). */
  allowed: z.array(z.string()).default([]),
  claim: claim.optional(),
  /** Block of the last recovery that was asked for, written before it is sent. */
  recoveredAt: z.number().optional(),
  /** The proof that a take-down was begun with. */
  proven: z.object({ epoch: z.number(), height: z.number(), at: z.number(), witnesses: z.array(witness) }).optional(),
  /** Written before the first container is touched. */
  takeDownAt: z.number().optional(),
  /** ML services whose containers the exit has removed: what a resume makes again. Written before they go. */
  tookDown: z.array(z.string()).default([]),
  /** When everything that was to stop had stopped. */
  stoppedAt: z.number().optional(),
  /** `shown`: whys of the gate that the reason was typed for. */
  resume: z.object({ at: z.number(), by: z.string(), reason: z.string().optional(), shown: z.array(z.string()).default([]) }).optional(),
  /** What keeps a step from being done, and since when; it is tried again. */
  failing: words.extend({ since: z.number() }).optional(),
  /** The epoch that was the latest when the nodes were enabled again: the host may be back in the one after it. */
  enabledEpoch: z.number().optional(),
  backIn: z.object({ epoch: z.number(), weight: z.number(), at: z.number(), source: z.string() }).optional(),
  events: most(event, 500),
  /** As it was seen last, for the page: a panel that has just started shows this with its age. */
  seen: z
    .object({
      at: z.number(),
      clock: clockSeen.optional(),
      waits: wait.optional(),
      /** What isn't known, and why; keys under errors or exit.unknown. */
      unknown: z.array(words).default([]),
      witnesses: z.array(witness).default([]),
      cost: cost.optional(),
      /** Nodes as the api's list had them; absent: it couldn't be read. */
      nodes: z.array(z.object({ id: z.string(), enabled: z.boolean(), duty: z.boolean() })).optional(),
    })
    .optional(),
});
export type ExitMemo = z.infer<typeof exitMemo>;

/** A memo as the row has it; what can't be read is an empty one. */
export const readMemo = (value: unknown): ExitMemo => exitMemo.safeParse(value ?? {}).data ?? exitMemo.parse({});

/** What the page shows of one ML node. */
export type ExitNodeView = {
  id: string;
  /** As the api's list has it now; absent: unknown. */
  enabled?: boolean;
  /** On duty through the next PoC: keeps its weight without taking part. Absent: unknown. */
  duty?: boolean;
  disabledAt?: number;
  /** This exit disabled it: what a cancel enables again. */
  ours: boolean;
  /** Its disable counts from this epoch; the host can be out with the set of the one after it. */
  countsFrom?: number;
  forgotten: number;
  removed: boolean;
};

/** Everything that the page of a running (or ended) exit shows. Times ms since 1970, `startedAt` ISO 8601. */
export type ExitView = {
  id: string;
  kind: ExitKind;
  params: ExitParams;
  state: State;
  startedBy: string;
  startedAt?: string;
  endedAt?: string;
  /** Why it ended otherwise than wished; a code under errors. */
  error?: Words;
  stage: ExitStage;
  stages: { stage: ExitStage; state: 'done' | 'now' | 'open' }[];
  /** When the rest of this view was last seen; older than a minute while it runs means that the panel isn't looking. */
  at?: number;
  clock?: ExitClock;
  waits?: ExitWait;
  unknown: Words[];
  /** What keeps the step from being done (a code under errors), and since when (ms); it is tried again. */
  failing?: Words & { since: number };
  question?: ExitQuestion;
  nodes: ExitNodeView[];
  draws: { epoch: number; nodes: string[] }[];
  cost?: ExitCost;
  claim?: ExitClaim;
  witnesses: Witness[];
  proven?: ExitMemo['proven'];
  /** The proof is of now: young, and the last look found nothing to wait for. */
  proofStands: boolean;
  stoppedAt?: number;
  /** Containers were removed: a cancel no longer keeps everything as it was. */
  takenDown: boolean;
  /** What a cancel took back, or why it couldn't. */
  undone?: Words;
  /** A maintenance that has stopped what was to stop waits for its resume. */
  mayResume: boolean;
  /** It was resumed, and something speaks against the start that a typed reason answers. */
  asksReason: boolean;
  resumed?: { at: number; by: string; reason?: string };
  back?: ExitMemo['backIn'];
  events: ExitEvent[];
};

/** What is said before an exit is started. `longer`: a PoC runs, so a disable now counts one epoch later. */
export type ExitForecast = {
  clock?: ExitClock;
  longer: boolean;
  /** The first set that can be without the host, if no node is drawn for duty: its epoch, block and about when. */
  earliest?: { epoch: number; block: number; at?: number };
  nodes: { id: string; enabled: boolean; duty: boolean }[];
  cost?: ExitCost;
  unknown: Words[];
};
