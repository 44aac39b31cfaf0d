import { fromBech32, toBech32 } from '@cosmjs/encoding';
import { z } from 'zod';
import type { Fetched, Problem } from './client.ts';
import { MAX_ROWS, text } from './schema.ts';

/** A validator of the staking module. `key`: consensus key (base64); `tokens`: its power while it is in the set, 0 when it is out (measured 22). */
export type StakingValidator = { operator: string; key: string; bonded: boolean; tokens: bigint };

/** More pages than this are not asked for: then the list is unknown. */
const MOST_PAGES = 30;
const PER_PAGE = 500;

const row = z
  .object({ operator_address: text(128).refine((value) => value !== ''), consensus_pubkey: z.object({ key: text(128).refine((value) => value !== '') }), status: z.union([text(64), z.number()]), tokens: z.union([z.string().regex(/^\d{1,80}$/), z.number().int().nonnegative()]).transform(BigInt) })
  .transform((raw): StakingValidator => ({ operator: raw.operator_address, key: raw.consensus_pubkey.key, bonded: raw.status === 'BOND_STATUS_BONDED' || raw.status === 3, tokens: raw.tokens }));

/** One page of the staking module's list. It is read to prove something: every row whole, or none of it. */
export const stakingPage = z
  .object({ validators: z.array(row).max(MAX_ROWS), pagination: z.object({ next_key: text(1024).nullish(), total: z.union([z.string().regex(/^\d{1,9}$/).transform(Number), z.number()]).nullish() }) })
  .transform((raw) => ({ validators: raw.validators, next: raw.pagination.next_key || undefined, total: raw.pagination.total ?? undefined }));
export type StakingPage = z.infer<typeof stakingPage>;

export const stakingPath = (page?: string): string =>
  `/cosmos/staking/v1beta1/validators?pagination.limit=${PER_PAGE}${page ? `&pagination.key=${encodeURIComponent(page)}` : '&pagination.count_total=true'}`;

/** The `gonkavaloper…` address of an account (facts 5.3); undefined for what is none. */
export function operatorOf(address: string): string | undefined {
  try {
    return toBech32('gonkavaloper', fromBech32(address, 90).data);
  } catch {
    return undefined;
  }
}

const broken: { problem: Problem } = { problem: { kind: 'malformed', error: { code: 'chain_answer_malformed', params: { host: 'node' } } } };

/** Every validator, page by page, bonded or not: all of them, or a problem. The first page says how many there are. */
export async function wholeStaking(ask: (page?: string) => Promise<Fetched<StakingPage>>): Promise<Fetched<StakingValidator[]>> {
  const list: StakingValidator[] = [];
  let at: number | undefined;
  let total: number | undefined;
  let page: string | undefined;
  for (let i = 0; i < MOST_PAGES; i += 1) {
    const got = await ask(page);
    if (!got.value || got.problem) return { problem: got.problem };
    at ??= got.at;
    total ??= got.value.total;
    list.push(...got.value.validators);
    page = got.value.next;
    if (!page) break;
  }
  if (page || total === undefined || list.length !== total || new Set(list.map(({ operator }) => operator)).size !== total) return broken;
  return { value: list, at };
}
