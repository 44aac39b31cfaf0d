import { z } from 'zod';
import { intOrZero, text } from './schema.ts';

export const GOVERNANCE_MODELS = '/v1/governance/models';

const model = z
  .object({ id: text(256), hf_repo: text(256).nullish(), hf_commit: text(128).nullish(), model_args: z.array(z.string().max(4096)).max(256).nullish(), v_ram: intOrZero, throughput_per_nonce: intOrZero, units_of_compute_per_token: intOrZero, context_window: intOrZero })
  .transform((raw) => ({
    id: raw.id,
    ...(raw.hf_repo ? { repo: raw.hf_repo } : {}),
    ...(raw.hf_commit ? { commit: raw.hf_commit } : {}),
    args: raw.model_args ?? [],
    /** GB of one instance, as the proposer states it; 0: not stated. The chain checks no hardware (facts 10.2). */
    vramGb: raw.v_ram,
    throughputPerNonce: raw.throughput_per_nonce,
    unitsPerToken: raw.units_of_compute_per_token,
    ...(raw.context_window > 0 ? { contextWindow: raw.context_window } : {}),
  }));
/** A model that governance has approved, with the arguments that every host gives it. */
export type GovernanceModel = z.infer<typeof model>;

const answer = z.object({ models: z.array(model).max(1_000).nullish() });

/** Reads `GET /v1/governance/models` (facts 5.2). Throws on another shape: an answer without `models` says nothing. */
export function readGovernanceModels(status: number, json: unknown): GovernanceModel[] | undefined {
  if (status < 200 || status >= 300) return undefined;
  if (json === null || typeof json !== 'object' || !('models' in json)) throw new TypeError('no list of models');
  return answer.parse(json).models ?? [];
}
