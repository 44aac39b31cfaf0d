import { mergedArguments, modelArguments } from '#lib/core/model-arguments.ts';
import { cardGb, cardKind } from './card-size.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { PIPELINE, parallelPlan, TENSOR, type ParallelPlan } from './parallel-plan.ts';

/** One machine with its cards: it is one ML node. Broken cards are left out by the caller. */
export type GpuServer = { name: string; gpus: { name: string; totalMiB: number }[]; ramGiB?: number };

/** Words: `models.fit.<code>`. A `broken` one is why it doesn't fit. */
export type FitReason = { level: 'ok' | 'info' | 'attention' | 'broken'; code: string; params: Record<string, string | number> };
/** Words of `reason`: `models.reasons.<reason>`. */
export type ReasonedToken = { token: string; reason: string };

export type ServerFit = {
  server: string;
  fits: boolean;
  cards: { name: string; gb: number }[];
  /** GB by the unit rule: what the cards give (each counting as the smallest of them), what the model needs, and the difference. */
  haveGb: number;
  needGb: number;
  marginGb: number;
  /** GB of one instance, and its cards = tensor x pipeline. */
  instanceGb: number;
  tensorParallel: number;
  pipelineParallel: number;
  /** Of the model server, facts 10.2; 0 when it doesn't fit. */
  instances: number;
  idleGpus: number;
  /** RAM against 1.5 x VRAM; undefined: RAM unknown. */
  ramOk?: boolean;
  ramNeededGb: number;
  /** What to write for this model into node-config.json; governance's own arguments are not repeated. */
  args: ReasonedToken[];
  reasons: FitReason[];
};
export type ModelFit = { model: string; /** On at least one server. */ fits: boolean; servers: ServerFit[]; /** Servers it fits on. */ mlNodes: number; mlNodesNeeded: number; reasons: FitReason[] };

/** The guide: at least this many ML nodes for a model (facts 10.3). */
export const ML_NODES_NEEDED = 2;
/** GB of all cards of an ML node: the guide's rule, and the newer one (facts 10.3). */
const NODE_MINIMUM = { gb: 40, source: 'host/hardware-specifications.md' };
const NEWER_MINIMUM = { gb: 320, date: '2026-08' };
const RAM_FACTOR = 1.5;
/** PoC v1 groups cards until a group has this much (facts 10.2). */
const POC_V1_GROUP_GB = 38;
const MOST_INSTANCES = 128;

/** Whether and how a model fits on each server, by the unit rule of `card-size.ts` and facts 10.2 and 10.3. Asks nothing. */
export function fitModel(servers: readonly GpuServer[], entry: CatalogueEntry): ModelFit {
  const fits = servers.map((server) => fitServer(server, entry));
  const mlNodes = fits.filter((one) => one.fits).length;
  const reasons: FitReason[] = [
    ...(entry.known === 'named' && entry.approved !== true ? [reason('attention', 'only_named')] : []),
    ...(entry.known !== 'named' && entry.approved === false ? [reason('attention', 'not_approved')] : []),
    mlNodes >= ML_NODES_NEEDED ? reason('ok', 'ml_nodes_enough', { count: mlNodes, needed: ML_NODES_NEEDED }) : reason('attention', 'ml_nodes_few', { count: mlNodes, needed: ML_NODES_NEEDED }),
  ];
  return { model: entry.id, fits: mlNodes > 0, servers: fits, mlNodes, mlNodesNeeded: ML_NODES_NEEDED, reasons };
}

const reason = (level: FitReason['level'], code: string, params: FitReason['params'] = {}): FitReason => ({ level, code, params });

function fitServer(server: GpuServer, entry: CatalogueEntry): ServerFit {
  const cards = server.gpus.map(({ name, totalMiB }) => ({ name, gb: cardGb(totalMiB) })).filter(({ gb }) => gb > 0);
  const count = cards.length;
  const smallest = count > 0 ? Math.min(...cards.map(({ gb }) => gb)) : 0;
  const kinds = new Set(server.gpus.map(cardKind));
  const [kind] = kinds;
  const mixed = cards.some(({ gb }) => gb !== smallest) || kinds.size > 1;
  const haveGb = smallest * count;
  const plan = count > 0 && entry.vramGb > 0 ? parallelPlan(entry, { count, gb: smallest, ...(mixed || kind === undefined ? {} : { kind }) }) : undefined;
  const enough = plan !== undefined && (haveGb >= entry.vramGb || plan.proven);
  const fits = enough && haveGb >= NODE_MINIMUM.gb;
  const size = fits ? plan.tensor * plan.pipeline : 0;
  const instances = fits ? Math.max(1, Math.min(MOST_INSTANCES, Math.floor(count / size))) : 0;

  const reasons: FitReason[] = [];
  const numbers = { have: haveGb, need: entry.vramGb, missing: Math.max(0, entry.vramGb - haveGb), cards: count, card: smallest };
  if (count === 0) reasons.push(reason('broken', 'no_gpus'));
  else if (entry.vramGb <= 0) reasons.push(reason('broken', 'need_unknown'));
  else if (haveGb < entry.vramGb && !enough) reasons.push(reason('broken', 'too_small', numbers));
  else if (!enough) reasons.push(reason('broken', 'no_split', { ...numbers, need: entry.instanceGb }));
  else if (haveGb < entry.vramGb) reasons.push(reason('info', 'fits_reference', { ...numbers, source: plan.reference?.source ?? '' }));
  else reasons.push(reason('ok', 'fits', { ...numbers, margin: haveGb - entry.vramGb }));
  if (count > 0 && haveGb < NODE_MINIMUM.gb) reasons.push(reason('broken', 'below_minimum', { have: haveGb, minimum: NODE_MINIMUM.gb, source: NODE_MINIMUM.source }));
  if (fits) reasons.push(...planReasons(plan, { count, gb: smallest, instances, idle: count - instances * size, instanceGb: entry.instanceGb }));
  if (mixed && count > 0) reasons.push(reason('attention', 'mixed_cards', { card: smallest }));
  if (fits && haveGb < NEWER_MINIMUM.gb) reasons.push(reason('info', 'newer_minimum', { have: haveGb, minimum: NEWER_MINIMUM.gb, date: NEWER_MINIMUM.date }));
  const group = smallest > 0 ? Math.ceil(POC_V1_GROUP_GB / smallest) : 0;
  if (fits && group > 1) reasons.push(reason('info', 'poc_v1_group', { cards: group, group: POC_V1_GROUP_GB }));

  const ram = ramOf(server, cards.reduce((sum, { gb }) => sum + gb, 0));
  reasons.push(...ram.reasons);
  return {
    server: server.name, fits, cards, haveGb, needGb: entry.vramGb, marginGb: haveGb - entry.vramGb, instanceGb: entry.instanceGb,
    tensorParallel: plan?.tensor ?? 1, pipelineParallel: plan?.pipeline ?? 1, instances, idleGpus: count - instances * size,
    ...(ram.ok === undefined ? {} : { ramOk: ram.ok }), ramNeededGb: ram.needed, args: fits ? planArguments(plan, entry) : [], reasons,
  };
}

function planReasons(plan: ParallelPlan, { count, gb, instances, idle, instanceGb }: { count: number; gb: number; instances: number; idle: number; instanceGb: number }): FitReason[] {
  const { reference } = plan;
  const size = plan.tensor * plan.pipeline;
  return [
    reason('info', 'split', { tensor: plan.tensor, pipeline: plan.pipeline, size, gb: size * gb, need: instanceGb }),
    reason('info', 'instances', { instances, cards: count }),
    ...(idle > 0 ? [reason('attention', 'idle', { idle })] : []),
    ...(reference?.cards ? [reason('ok', 'reference', { source: reference.source, date: reference.date })] : [reason('attention', 'no_reference', { source: reference?.source ?? '' })]),
    ...Object.entries(reference?.env ?? {}).map(([name, value]) => reason('attention', 'needs_env', { variable: `${name}=${value}` })),
    ...(reference?.mlNode ? [reason('attention', 'needs_ml_node', { version: reference.mlNode })] : []),
  ];
}

/** RAM is said in GiB, the rule is in GB of 10^9 bytes: what the kernel keeps for itself doesn't decide. */
function ramOf({ ramGiB }: GpuServer, vramGb: number): { ok?: boolean; needed: number; reasons: FitReason[] } {
  const needed = Math.ceil(vramGb * RAM_FACTOR);
  if (vramGb === 0) return { needed, reasons: [] };
  if (ramGiB === undefined) return { needed, reasons: [reason('info', 'ram_unknown', { needed })] };
  const have = Math.floor((ramGiB * 1024 ** 3) / 1e9);
  const ok = have >= needed;
  return { ok, needed, reasons: [reason(ok ? 'ok' : 'attention', ok ? 'ram_enough' : 'ram_short', { have, needed })] };
}

/** The reference's arguments with this plan's parallel sizes, less those whose flag governance has (they'd be dropped). */
function planArguments({ tensor, pipeline, reference }: ParallelPlan, { governanceArgs }: CatalogueEntry): ReasonedToken[] {
  const sizes: Record<string, number> = { [TENSOR]: tensor, [PIPELINE]: pipeline };
  const given = modelArguments(reference?.args ?? []);
  const kept = given.flatMap(({ flag, values }) => (sizes[flag] === undefined ? [flag, ...values] : sizes[flag] > 1 || reference?.cards ? [flag, `${sizes[flag]}`] : []));
  const missing = Object.entries(sizes).filter(([flag, size]) => size > 1 && !given.some((one) => one.flag === flag)).flatMap(([flag, size]) => [flag, `${size}`]);
  const { tokens } = mergedArguments(governanceArgs, [...missing, ...kept]);
  return modelArguments(tokens.slice(governanceArgs.length)).flatMap(({ flag, values }) => [flag, ...values].map((token) => ({ token, reason: reasonOf(flag) })));
}

/** Arguments that have words of their own under `models.reasons`. */
export const REASONED = [
  'tensor-parallel-size', 'pipeline-parallel-size', 'quantization', 'kv-cache-dtype', 'gpu-memory-utilization', 'max-model-len', 'max-num-seqs', 'max-num-batched-tokens', 'enable-expert-parallel',
  'trust-remote-code', 'mm-encoder-tp-mode', 'tool-call-parser', 'reasoning-parser', 'enable-auto-tool-choice', 'attention-backend', 'moe-backend', 'disable-custom-all-reduce', 'tokenizer-mode', 'revision',
] as const;

/** The key of an argument's reason: its flag without the dashes; `other` where there is none. */
export function reasonOf(flag: string): string {
  const name = flag.replace(/^--/, '');
  return REASONED.find((known) => known === name) ?? 'other';
}
