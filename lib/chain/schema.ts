import { z } from 'zod';

/*
 * The door for answers of the chain, of api nodes and of seeds: tolerant in (number or string, name or number,
 * absent or null as zero), exact inside. Everything that is not named here is dropped, everything that is has a bound.
 */

/** Most rows that a list may have before the whole answer counts as malformed. */
export const MAX_ROWS = 20_000;

/** Characters that change how a line looks without being seen: controls, zero width, bidirectional overrides. */
export const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A string of at most `max` characters, without invisible characters. */
export const text = (max: number) => z.string().max(max).transform((value) => value.replace(UNSEEN, ''));

const textOrEmpty = (max: number) => text(max).nullish().transform((value) => value ?? '');

/** An integer as a number or as a decimal string; beyond 2^53 it is refused, not rounded. */
export const int = z.union([z.number(), z.string().max(24)]).transform((value, context) => {
  const number = typeof value === 'string' ? (/^-?\d+$/.test(value) ? Number(value) : Number.NaN) : value;
  if (Number.isSafeInteger(number)) return number;
  context.addIssue({ code: 'custom', message: 'not an integer' });
  return z.NEVER;
});

/** As `int`; absent or null is 0, as Go's `omitempty` writes it. */
export const intOrZero = int.nullish().transform((value) => value ?? 0);

/** An amount in ngonka (or any integer without a bound) as BigInt; absent is 0. */
export const amount = z
  .union([z.bigint(), z.number(), z.string().max(80)])
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined) return 0n;
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d+$/.test(value)) return BigInt(value);
    context.addIssue({ code: 'custom', message: 'not an amount' });
    return z.NEVER;
  });

const flag = z.union([z.boolean(), z.enum(['true', 'false']), z.literal(0), z.literal(1)]).transform((value) => value === true || value === 'true' || value === 1);
const flagOrFalse = flag.nullish().transform((value) => value ?? false);
const rows = <T extends z.ZodType>(item: T, max: number) => z.array(item).max(max).nullish().transform((value) => value ?? []);

export const PHASES = ['Inference', 'PoCGenerate', 'PoCGenerateWindDown', 'PoCValidate', 'PoCValidateWindDown'] as const;
export type Phase = (typeof PHASES)[number];

const stages = z.object({
  epoch_index: intOrZero,
  poc_start: intOrZero,
  poc_generation_wind_down: intOrZero,
  poc_generation_end: intOrZero,
  poc_validation_start: intOrZero,
  poc_validation_wind_down: intOrZero,
  poc_validation_end: intOrZero,
  set_new_validators: intOrZero,
  claim_money: intOrZero,
  inference_validation_cutoff: intOrZero,
  next_poc_start: intOrZero,
});
export type RawStages = z.infer<typeof stages>;

const epochParamsFlat = z.object({
  epoch_length: intOrZero,
  epoch_shift: intOrZero,
  poc_stage_duration: intOrZero,
  poc_exchange_duration: intOrZero,
  poc_validation_delay: intOrZero,
  poc_validation_duration: intOrZero,
  set_new_validators_delay: intOrZero,
  inference_validation_cutoff: intOrZero,
});
export type EpochParams = z.infer<typeof epochParamsFlat>;

/** 0.2.15 puts the parameters one level deeper, as strings (facts 5.2). */
const epochParams = z.preprocess((value) => {
  const inner = (value as { epoch_params?: unknown } | null | undefined)?.epoch_params;
  return inner !== null && typeof inner === 'object' ? inner : value;
}, epochParamsFlat.nullish());

const latestEpoch = z.object({ index: intOrZero, poc_start_block_height: intOrZero });

/**
 * Confirmation PoC: `absent` in releases that don't have it (before 0.2.5), `unreadable` when a value stands there
 * that can't be understood: a gate must not take that for "no".
 */
export type ConfirmationPoc = 'absent' | 'active' | 'inactive' | 'unreadable';

const EVENT_OVER = new Set<unknown>(['CONFIRMATION_POC_INACTIVE', 'CONFIRMATION_POC_COMPLETED', 0, 4, '0', '4']);

function confirmationPoc(active: unknown, event: unknown): ConfirmationPoc {
  let seen: ConfirmationPoc = 'absent';
  if (active !== undefined && active !== null) {
    const parsed = flag.safeParse(active);
    if (!parsed.success) return 'unreadable';
    if (parsed.data) return 'active';
    seen = 'inactive';
  }
  if (event === undefined || event === null) return seen;
  if (typeof event !== 'object') return 'unreadable';
  // Go leaves phase 0 (inactive) out.
  const phase = (event as { phase?: unknown }).phase;
  return phase === undefined || phase === null || EVENT_OVER.has(phase) ? 'inactive' : 'active';
}

/** The block at which its generation began; undefined where the event doesn't say. */
function confirmationStart(event: unknown): number | undefined {
  const start = int.safeParse((event as { generation_start_height?: unknown } | null | undefined)?.generation_start_height);
  return start.success && start.data > 0 ? start.data : undefined;
}

export const epochLatestSchema = z
  .object({
    block_height: int,
    latest_epoch: latestEpoch,
    phase: z.unknown().optional(),
    epoch_stages: stages.nullish(),
    next_epoch_stages: stages.nullish(),
    epoch_params: epochParams.optional(),
    is_confirmation_poc_active: z.unknown().optional(),
    active_confirmation_poc_event: z.unknown().optional(),
  })
  .transform((raw) => ({
    height: raw.block_height,
    latestEpoch: raw.latest_epoch.index,
    pocStart: raw.latest_epoch.poc_start_block_height,
    /** As stated, when it is one of the five names. */
    phase: PHASES.find((name) => name === raw.phase),
    stages: raw.epoch_stages ?? undefined,
    nextStages: raw.next_epoch_stages ?? undefined,
    params: raw.epoch_params ?? undefined,
    confirmationPoc: confirmationPoc(raw.is_confirmation_poc_active, raw.active_confirmation_poc_event),
    confirmationStart: confirmationStart(raw.active_confirmation_poc_event),
  }));
/** What `/v1/epochs/latest` and chain REST `epoch_info` say, in one shape. */
export type EpochLatest = z.infer<typeof epochLatestSchema>;

export const epochInfoSchema = z
  .object({
    block_height: int,
    params: z.object({ epoch_params: epochParams.optional() }),
    latest_epoch: latestEpoch.nullish(),
    is_confirmation_poc_active: z.unknown().optional(),
    active_confirmation_poc_event: z.unknown().optional(),
  })
  .transform(
    (raw): EpochLatest => ({
      height: raw.block_height,
      latestEpoch: raw.latest_epoch?.index ?? 0,
      pocStart: raw.latest_epoch?.poc_start_block_height ?? 0,
      phase: undefined,
      stages: undefined,
      nextStages: undefined,
      params: raw.params.epoch_params ?? undefined,
      confirmationPoc: confirmationPoc(raw.is_confirmation_poc_active, raw.active_confirmation_poc_event),
      confirmationStart: confirmationStart(raw.active_confirmation_poc_event),
    }),
  );

const mlNode = z
  .object({ node_id: textOrEmpty(256), poc_weight: intOrZero, timeslot_allocation: rows(flagOrFalse, 64) })
  .transform((raw) => ({ id: raw.node_id, pocWeight: raw.poc_weight, timeslots: raw.timeslot_allocation }));

export const participantSchema = z
  .object({
    index: text(128).nullish(),
    address: text(128).nullish(),
    validator_key: textOrEmpty(256),
    weight: intOrZero,
    inference_url: textOrEmpty(2048),
    models: rows(text(512), 512),
    ml_nodes: rows(z.object({ ml_nodes: rows(mlNode, 4096) }), 512),
  })
  .transform((raw, context) => {
    const address = raw.index || raw.address || '';
    if (!address) {
      context.addIssue({ code: 'custom', message: 'no address' });
      return z.NEVER;
    }
    return {
      address,
      validatorKey: raw.validator_key,
      weight: raw.weight,
      url: raw.inference_url,
      models: raw.models,
      // ml_nodes[i] belongs to models[i] (facts 5.2).
      mlNodes: raw.ml_nodes.flatMap((group, i) => group.ml_nodes.map((node) => ({ model: raw.models[i] ?? '', ...node }))),
    };
  });
export type Participant = z.infer<typeof participantSchema>;

export const activeParticipantsSchema = z.object({
  active_participants: z.object({
    participants: z.array(z.unknown()).max(MAX_ROWS), // a list that isn't there is no empty one
    epoch_id: int.nullish(),
    epoch_group_id: int.nullish(),
    effective_block_height: intOrZero,
  }),
  block: z
    .object({ header: z.object({ chain_id: text(64).nullish(), height: int.nullish(), time: text(64).nullish() }) })
    .nullish()
    .catch(undefined), // an older shape has an array here (facts 5.2)
  excluded_participants: z.array(z.unknown()).max(MAX_ROWS).nullish().catch(undefined),
  addresses: z.array(z.unknown()).max(MAX_ROWS).nullish().catch(undefined),
});

export const excludedSchema = z
  .object({ address: text(128), reason: textOrEmpty(256), exclusion_block_height: intOrZero })
  .transform((raw) => ({ address: raw.address, reason: raw.reason, block: raw.exclusion_block_height }));
export type Excluded = z.infer<typeof excludedSchema>;

export const rpcStatusSchema = z
  .object({
    result: z.object({
      node_info: z.object({ id: textOrEmpty(128), network: text(64), version: textOrEmpty(64), moniker: textOrEmpty(256) }),
      sync_info: z.object({
        latest_block_height: int,
        latest_block_time: text(64),
        earliest_block_height: intOrZero,
        earliest_block_time: textOrEmpty(64),
        catching_up: flagOrFalse,
      }),
      validator_info: z.object({ address: textOrEmpty(64), pub_key: z.object({ value: textOrEmpty(256) }).nullish(), voting_power: intOrZero }).nullish(),
    }),
  })
  .transform(({ result }) => ({
    nodeId: result.node_info.id,
    chainId: result.node_info.network,
    moniker: result.node_info.moniker,
    height: result.sync_info.latest_block_height,
    blockTime: parseTime(result.sync_info.latest_block_time),
    earliestHeight: result.sync_info.earliest_block_height,
    earliestTime: parseTime(result.sync_info.earliest_block_time),
    catchingUp: result.sync_info.catching_up,
    validatorKey: result.validator_info?.pub_key?.value ?? '',
    votingPower: result.validator_info?.voting_power ?? 0,
  }));
export type RpcStatus = z.infer<typeof rpcStatusSchema>;

/** Who a node is connected with, by RPC `/net_info`; `dialled`: the node called that peer, so others can. */
export const peersSchema = z
  .object({ result: z.object({ peers: z.array(z.object({ node_info: z.object({ id: text(128) }), is_outbound: z.boolean() })).max(2000) }) })
  .transform(({ result }) => result.peers.map((peer) => ({ id: peer.node_info.id.toLowerCase(), dialled: peer.is_outbound })));
export type Peer = z.infer<typeof peersSchema>[number];

export const netInfoSchema = z.object({ result: z.object({ n_peers: int }) }).transform((raw) => raw.result.n_peers);

const validator = z
  .object({ pub_key: z.object({ value: text(256).refine((key) => key !== '') }), voting_power: int })
  .transform((raw) => ({ key: raw.pub_key.value, power: raw.voting_power }));
/** One page of RPC `/validators`. It is read to prove something: every row whole, or none of it. */
export const validatorsPageSchema = z
  .object({ result: z.object({ block_height: int, validators: z.array(validator).max(100), total: int }) })
  .transform(({ result }) => ({ height: result.block_height, total: result.total, validators: result.validators }));
export type ValidatorsPage = z.infer<typeof validatorsPageSchema>;

export const blockTimeSchema = z
  .object({ result: z.object({ block: z.object({ header: z.object({ height: int, time: text(64), chain_id: textOrEmpty(64) }) }) }) })
  .transform(({ result }) => ({ height: result.block.header.height, time: parseTime(result.block.header.time) }));

const preservedRow = z.object({ participant_id: text(128), node_ids: z.array(text(256)).max(4096).nullish() });
/** `preserved_nodes_snapshot`: the ids of one participant's nodes in it. */
export const preservedSchema = z
  .object({ found: flagOrFalse, snapshot: z.object({ model_preserved_nodes: z.array(z.object({ participants: z.array(preservedRow).max(MAX_ROWS).nullish() })).max(512).nullish() }).nullish() })
  .transform(({ found, snapshot }) => (address: string): string[] => {
    const rows = found ? (snapshot?.model_preserved_nodes ?? []).flatMap((model) => model.participants ?? []) : [];
    return [...new Set(rows.filter((row) => row.participant_id === address).flatMap((row) => row.node_ids ?? []))];
  });

export const identitySchema = z.object({ data: z.object({ address: text(128) }) }).transform((raw) => raw.data.address);

/** `/admin/v1/setup/report`: the account that the api has read from ACCOUNT_PUBKEY (facts 4.6). Throws where it has none. */
export const reportedAccountSchema = z
  .object({ checks: z.array(z.object({ id: text(100), details: z.object({ address: text(128).optional() }).nullish() })).max(1000) })
  .transform(({ checks }) => z.string().min(1).parse(checks.find(({ id }) => id === 'cold_key_configured')?.details?.address));

export const chainParticipantSchema = z
  .object({
    participant: z.object({
      index: text(128).nullish(),
      address: text(128).nullish(),
      inference_url: textOrEmpty(2048),
      inferenceUrl: textOrEmpty(2048),
      status: z.union([text(64), z.number()]).nullish(),
      validator_key: textOrEmpty(256),
      join_height: intOrZero,
      coin_balance: amount,
      epochs_completed: intOrZero,
    }),
  })
  .transform(({ participant }) => ({
    address: participant.address || participant.index || '',
    url: participant.inference_url || participant.inferenceUrl,
    status: participantStatus(participant.status),
    validatorKey: participant.validator_key,
    joinHeight: participant.join_height,
    epochsCompleted: participant.epochs_completed,
  }));
export type ChainParticipant = z.infer<typeof chainParticipantSchema>;

const STATUSES = ['UNSPECIFIED', 'ACTIVE', 'INACTIVE', 'INVALID', 'RAMPING', 'UNCONFIRMED'];

/** Name of a participant status given as name or number. No evidence of membership (measured 25). */
function participantStatus(value: string | number | null | undefined): string {
  if (typeof value === 'string' && !/^\d+$/.test(value)) return value;
  return STATUSES[Number(value ?? 0)] ?? 'UNSPECIFIED';
}

/** Milliseconds of an RFC 3339 time with any number of decimals; undefined when it isn't one, or the zero time. */
export function parseTime(value: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const ms = Date.parse(value.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

const UNSAFE_INTEGER = /[:[,]\s*-?\d{16,}/;

/** `JSON.parse` that keeps integers beyond 2^53 as strings. Throws on anything that is not JSON. */
export function parseJson(source: string): unknown {
  if (!UNSAFE_INTEGER.test(source)) return JSON.parse(source);
  const keep = (_key: string, value: unknown, context: { source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
  return JSON.parse(source, keep as (this: unknown, key: string, value: unknown) => unknown);
}
