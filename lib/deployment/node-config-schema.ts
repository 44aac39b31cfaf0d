import { z } from 'zod';
import type { DeploymentProblem } from './schema.ts';

/** Fields of a node that the panel knows (facts 3.1); every other one is kept as it stands and named in `extra`. */
export const NODE_FIELDS = ['id', 'host', 'inference_port', 'inference_segment', 'poc_port', 'poc_segment', 'max_concurrent', 'models', 'hardware', 'base_url'] as const;
export type NodeField = (typeof NODE_FIELDS)[number];

/** Text in angle brackets, or upstream's word for "fill in". */
export const PLACEHOLDER = /<[^<>\n]{1,80}>|FILLIN/;

const text = z.string().max(1024);
const port = z.number().int().safe();

const modelEntry = z.object({ id: text, args: z.array(z.string().max(4096)).max(256), /** Position among the models of the same node in the text that this was read from; absent: new. */ from: z.number().int().nonnegative().optional() });

/**
 * One ML node as the form edits it. `from` is its position in the text that it was read from: through it, fields that the
 * panel doesn't know stay (their values never leave the server: `auth_token` is one of them). Absent: a new node.
 */
export const nodeConfigEntry = z.object({
  from: z.number().int().nonnegative().optional(),
  id: text,
  /** Docker service name, address or name without a scheme. */
  host: text,
  inferencePort: port,
  pocPort: port,
  inferenceSegment: text.optional(),
  pocSegment: text.optional(),
  /** Later releases: a whole URL in place of host and ports. */
  baseUrl: text.optional(),
  maxConcurrent: port,
  models: z.array(modelEntry).max(64),
  hardware: z.array(z.object({ type: text, count: port })).max(64).optional(),
  /** Names of the fields that are kept though unknown. */
  extra: z.array(text).max(64).default([]),
});
export type NodeConfigEntry = z.infer<typeof nodeConfigEntry>;
export const nodeConfigEntries = z.array(nodeConfigEntry).max(512);

/** Text: `deployment.problems.<code>`. `node`: position in the list; `field`: name in the file; `token`: position in the model's args. */
export type NodeConfigProblem = DeploymentProblem & { node?: number; field?: NodeField; model?: string; token?: number };

export type NodeConfigFile = { nodes: NodeConfigEntry[]; /** Of the text's form; rules are `nodeConfigProblems`. */ problems: NodeConfigProblem[] };
