import { z } from 'zod';

/*
 * The door for answers of the api's admin side and of ML nodes: tolerant in, exact inside. What is not named here is
 * dropped (`auth_token` of later releases among it), everything that is has a bound.
 */

/** Why there is no value: a code under `errors.<code>`. Never holds what the other side sent. */
export type MlNodesError = { code: string; params: Record<string, string | number> };

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const text = (max: number) => z.string().transform((value) => value.replace(UNSEEN, ' ').slice(0, max));
const textOrEmpty = (max: number) => text(max).nullish().catch(undefined).transform((value) => value ?? '');
/** A number, also as text; absent and null are 0 as Go leaves them out. */
const int = z.union([z.number(), z.string().regex(/^-?\d{1,15}$/).transform(Number)]).nullish().transform((value) => value ?? 0).refine(Number.isSafeInteger);
const intOrZero = int.catch(0);
const number = z.union([z.number(), z.string().regex(/^\d{1,12}(\.\d{1,9})?$/).transform(Number)]).nullish().catch(undefined).transform((value) => value ?? undefined);

const tokens = z.array(z.string().max(4096)).max(256).nullish().transform((value) => value ?? []);
const record = <T extends z.ZodType>(value: T) => z.record(z.string().max(512), value).nullish().transform((map) => map ?? {});

export const NODE_STATUSES = ['UNKNOWN', 'INFERENCE', 'POC', 'TRAINING', 'STOPPED', 'FAILED'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];
/** Name or number (facts 4.2); anything else is UNKNOWN. */
const status = z.unknown().transform((value): NodeStatus => NODE_STATUSES.find((name, i) => value === name || value === i) ?? 'UNKNOWN');

const hardware = z.array(z.object({ type: textOrEmpty(256), count: intOrZero })).max(64).nullish().catch(undefined).transform((value) => value ?? []);

const config = z
  .object({
    id: z.string().min(1).max(256), host: textOrEmpty(512), base_url: textOrEmpty(1024), inference_segment: textOrEmpty(256), inference_port: intOrZero,
    poc_segment: textOrEmpty(256), poc_port: intOrZero, models: record(z.object({ args: tokens }).nullish().transform((value) => value ?? { args: [] })),
    max_concurrent: intOrZero, node_num: intOrZero, hardware,
  })
  .transform((raw) => ({
    id: raw.id, host: raw.host, ...(raw.base_url ? { baseUrl: raw.base_url } : {}), inferencePort: raw.inference_port, inferenceSegment: raw.inference_segment,
    pocPort: raw.poc_port, pocSegment: raw.poc_segment, models: Object.entries(raw.models).map(([id, { args }]) => ({ id, args })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    maxConcurrent: raw.max_concurrent, nodeNum: raw.node_num, hardware: raw.hardware,
  }));

const epochModel = z.object({ model_args: tokens, v_ram: intOrZero }).transform((raw) => ({ args: raw.model_args, vramGb: raw.v_ram }));
const duty = z.object({ poc_weight: intOrZero, timeslot_allocation: z.array(z.boolean()).max(64).nullish().catch(undefined) }).transform((raw) => ({ pocWeight: raw.poc_weight, timeslots: raw.timeslot_allocation ?? [] }));

const state = z
  .object({
    intended_status: status, current_status: status, poc_intended_status: textOrEmpty(64), poc_current_status: textOrEmpty(64), failure_reason: textOrEmpty(2_000), status_timestamp: textOrEmpty(64),
    admin_state: z.object({ enabled: z.boolean(), epoch: intOrZero }).nullish().catch(undefined), reconcile_info: z.unknown().optional(),
    epoch_models: record(epochModel).catch({}), epoch_ml_nodes: record(duty).catch({}), ml_node_version: textOrEmpty(64),
  })
  .transform((raw) => {
    const since = Date.parse(raw.status_timestamp.replace(/(\.\d{3})\d+/, '$1'));
    return {
      intended: raw.intended_status, current: raw.current_status, pocIntended: raw.poc_intended_status, pocCurrent: raw.poc_current_status,
      /** A change is under way. */
      changing: raw.reconcile_info !== undefined && raw.reconcile_info !== null,
      failure: raw.failure_reason,
      /** Milliseconds; absent when there is none (Go's zero time). */
      ...(since > 0 ? { since } : {}),
      /** Absent: not said. `epoch`: when it was switched last. */
      ...(raw.admin_state ? { admin: raw.admin_state } : {}),
      /** Model arguments that governance gives for this epoch, by model. */
      epochModels: raw.epoch_models, duty: raw.epoch_ml_nodes,
      ...(raw.ml_node_version ? { mlNodeVersion: raw.ml_node_version } : {}),
    };
  });

export const adminNode = z.object({ node: config, state }).transform((raw) => ({ ...raw.node, state: raw.state }));
/** One ML node of the api's own list. */
export type AdminNode = z.infer<typeof adminNode>;

/** `GET /admin/v1/nodes` of every release (facts 4.2). Order of the map it comes from means nothing: sorted by number, then id. */
export const adminNodes = z.array(adminNode).max(4096).nullish().transform((nodes) => (nodes ?? []).sort((a, b) => a.nodeNum - b.nodeNum || (a.id < b.id ? -1 : 1)));

const device = z
  .object({ index: int, name: textOrEmpty(256), total_memory_mb: number, free_memory_mb: number, used_memory_mb: number, is_available: z.boolean().nullish(), error_message: textOrEmpty(500) })
  .transform((raw) => ({
    index: raw.index, name: raw.name,
    ...(raw.total_memory_mb ? { totalMiB: Math.floor(raw.total_memory_mb) } : {}),
    ...(raw.used_memory_mb === undefined ? {} : { usedMiB: Math.floor(raw.used_memory_mb) }),
    state: raw.is_available === false || raw.error_message || !raw.total_memory_mb ? ('broken' as const) : ('ok' as const),
  }));

/** `GET /api/v1/gpu/devices` of an ML node (facts 10.1; since mlnode 3.0.10). */
export const gpuDevices = z.object({ devices: z.array(device).max(256) }).transform(({ devices }) => [...devices].sort((a, b) => a.index - b.index));
/** A card as the ML node sees it; MiB as NVML says them. */
export type MlNodeGpu = z.infer<typeof device>;
