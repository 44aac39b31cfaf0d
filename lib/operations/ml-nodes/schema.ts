import { z } from 'zod';
import type { Reading } from '#lib/chain/reading.ts';
import { type NodeConfigEntry, nodeConfigEntry, type NodeConfigProblem } from '#lib/deployment/node-config-schema.ts';
import type { NodeCondition } from '#lib/mlnodes/node-condition.ts';
import type { NodeStatus } from '#lib/mlnodes/schema.ts';
export type { ConditionCode, NodeCondition } from '#lib/mlnodes/node-condition.ts';
import { type Gate, reasonSchema, shownSchema } from '#lib/operations/schema.ts';

/** Most ML nodes that one operation takes. */
const MOST_NODES = 256;
export const nodeId = z.string().min(1).max(256);

/** Params of `ml-enable`, `ml-disable` and `ml-delete`, started like every other kind by POST /api/operations. */
export const mlNodeIds = z.object({ nodes: z.array(nodeId).min(1).max(MOST_NODES).transform((ids) => [...new Set(ids)]) });
/** `kept`: only what is wanted disabled already, and still is when it begins. */
export const mlDisable = mlNodeIds.extend({ kept: z.literal(true).optional() });
export type MlNodeIds = z.infer<typeof mlNodeIds>;

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
/**
 * What the journal keeps of `ml-save` and `ml-add-many`: ids and fingerprints of what is wanted, never the nodes themselves,
 * since their arguments can hold secrets. `content`: under what the nodes are held in memory while the operation runs;
 * `base`: fingerprint of the node that is replaced, absent for a new one; `hardware`: the fingerprint holds the hardware too.
 */
export const mlNodeSave = z.object({ content: z.uuid(), nodes: z.array(z.object({ id: nodeId, wanted: fingerprint, hardware: z.boolean().optional(), base: fingerprint.optional() })).min(1).max(MOST_NODES) });
export type MlNodeSave = z.infer<typeof mlNodeSave>;

/** CSV or JSON of many nodes, as a person pasted it. */
const pasted = z.string().max(512 * 1024);
/** Secrets of a node that is edited stand as tokens (`⟪secret N⟫`) in it, counted in that node alone. */
const edited = nodeConfigEntry;
/**
 * Body of POST /api/ml-nodes. `save`: one node, new where `base` is absent, else instead of the one that had this
 * `version` when it was shown (409 ml_node_changed when it is another one now). `add-text`: the very text that was checked, since a
 * check masks the secrets of what it shows. Answer: `{id}` of the operation.
 */
export const saveInput = z.discriminatedUnion('do', [
  z.object({ do: z.literal('save'), node: edited, base: fingerprint.optional(), reason: reasonSchema, shown: shownSchema }),
  z.object({ do: z.literal('add-many'), nodes: z.array(edited).min(1).max(MOST_NODES), reason: reasonSchema, shown: shownSchema }),
  z.object({ do: z.literal('add-text'), text: pasted, reason: reasonSchema, shown: shownSchema }),
]);
export type SaveInput = z.input<typeof saveInput>;

/** Body of POST /api/ml-nodes/check. */
export const checkInput = z.union([
  z.object({ node: edited, base: fingerprint.optional() }),
  z.object({ nodes: z.array(edited).min(1).max(MOST_NODES) }),
  z.object({ text: pasted }),
]);
export type CheckInput = z.input<typeof checkInput>;

/** Names of the columns that a CSV may have; `id`, `host` and `model` must be there. Arguments are separated by blanks. */
export const CSV_COLUMNS = ['id', 'host', 'inference_port', 'poc_port', 'max_concurrent', 'model', 'args'] as const;

/**
 * A problem of one of the nodes; words under `deployment.problems.<code>` (`broken` refuses the save). `node`: its position in the question.
 */
export type MlNodeProblem = NodeConfigProblem;
/**
 * Answer of POST /api/ml-nodes/check; nothing is sent on. `nodes`: as they would be sent, in the order of the question, secrets of new ones masked;
 * a problem without `node` is one of the text as a whole.
 */
export type MlNodesCheck = {
  nodes: { node: NodeConfigEntry; /** The list has a node of this id. */ exists: boolean }[];
  problems: MlNodeProblem[];
  /** False: something is `broken`, or there is nothing to send. */
  sendable: boolean;
  /** The literal requests as argv of curl, secrets masked. */
  commands: string[][];
  gate: Gate;
  /** Keys under operations.notes. */
  notes: string[];
  /** What couldn't be held against the network's models or the api's list because it is unknown; keys under errors. */
  unchecked: { code: string; params: Record<string, string | number> }[];
};

/** A model of a node. `args` as the api has them, secrets as tokens of this node. */
export type MlNodeModel = {
  id: string;
  args: string[];
  /** Whether governance has approved the model; absent: its models are unknown. */
  approved?: boolean;
  /** Flags of local arguments that have no effect, because governance gives them (facts 3.1), with what governance gives. */
  overridden: { flag: string; local: string; governance: string }[];
  /** The model has an assignment in this epoch. */
  inEpoch: boolean;
};

/** One ML node of the api's own list. Times ms since 1970. */
export type MlNodeView = {
  id: string;
  /** Fingerprint of its configuration: `base` of a save. */
  version: string;
  /** The same node for the form: secrets as tokens, fields that the panel doesn't know named in `extra`. */
  entry: NodeConfigEntry;
  host: string;
  baseUrl?: string;
  inferencePort: number;
  inferenceSegment: string;
  pocPort: number;
  pocSegment: string;
  maxConcurrent: number;
  nodeNum: number;
  hardware: { type: string; count: number }[];
  models: MlNodeModel[];
  intended: NodeStatus;
  current: NodeStatus;
  pocIntended: string;
  pocCurrent: string;
  changing: boolean;
  /** Since when the current status is; absent: never. */
  since?: number;
  /** Absent: the release doesn't say. */
  enabled?: boolean;
  /** Epoch in which it was switched last. */
  adminEpoch?: number;
  /** The api's own words about the last failed command, masked; '' is none, also where the node is dead (measured 36). */
  failure: string;
  condition: NodeCondition;
  mlNodeVersion?: string;
  /** PoC weight in the set of this epoch, 0: none; absent: unknown. */
  weight?: number;
  /** Serves through the next PoC without taking part (facts 4.2, 5.3). `by`: what says so in this release; `on` absent: unknown. */
  duty: { by: 'timeslots' | 'snapshot'; on?: boolean };
  /** What the operator wants beyond the api's own memory. */
  wanted?: MlNodeWish;
};

/**
 * An ML node that is to stay disabled. `state`: `kept`, the api has it disabled; `forgotten`, an api restart enabled it and the panel disables
 * it again (or would, with the setting on); `by_hand`, it was enabled without a restart, and the panel asks: enable it
 * here (`ml-enable` forgets the wish) or disable it again (`ml-disable`); `missing`, the list doesn't have it; `unknown`, the list can't be read.
 */
export type MlNodeWish = { nodeId: string; at: number; by: string; /** The running or ended exit that it belongs to. */ partOf?: string; state: 'kept' | 'forgotten' | 'by_hand' | 'missing' | 'unknown'; /** The exit runs: it re-applies itself, and `ml-enable` is refused. */ exitRuns: boolean };

/** What a disable does when it is sent now (facts 4.4, measured 22, 23). `longer`: a PoC runs, so it counts one epoch later. */
export type DisableEffect = { longer: boolean; /** The first epoch without the node, if it isn't drawn for duty. */ epoch: number; /** The block in which that epoch's set comes into force. */ block: number; at?: number };

export type MlClock = { epoch: number; latestEpoch: number; phase: string; confirmationPocActive?: boolean; height: number; at: number; source: string; nextPocStart: number; setNewValidators: number; secondsPerBlock?: number };

/**
 * Whether the api's admin side answers. `wedged`: it hangs while the public side of the same container answers; only a restart of the api
 * helps (measured 28). `service`: of the api, for that restart. `since`: ms of the first look that hung.
 */
export type AdminSide = { state: 'ok' | 'down' | 'wedged' | 'unknown'; since?: number; service?: string };

/** Answer of GET /api/ml-nodes. No secret is in it. `at`: server clock in ms. */
export type MlNodesView =
  | { noDeployment: true }
  | {
      at: number;
      release?: string;
      /** Sorted by number, then id. `stale` keeps the last good list with its age and why there is none newer. */
      list: Reading<MlNodeView[]>;
      admin: AdminSide;
      /** Every node that is to stay disabled, also one that the list doesn't have. */
      wishes: MlNodeWish[];
      /** Whether the panel disables again what a restart enabled. */
      reapply: boolean;
      clock: Reading<MlClock>;
      /** Absent while the clock is unknown. */
      disableNow?: DisableEffect;
      /** Approved models with governance's arguments; `vramGb` 0: not stated. */
      governance: Reading<{ id: string; vramGb: number; args: string[] }[]>;
      /** The safe exit or maintenance that runs. */
      exit?: { id: string; kind: string };
    };

/** Body of POST /api/ml-nodes/reapply: switches the setting `mlNodes.reapply`. */
export const reapplyInput = z.object({ reapply: z.boolean() });
