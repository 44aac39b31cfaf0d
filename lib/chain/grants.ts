import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import type { Fetched, Problem } from './client.ts';
import { parseTime, text } from './schema.ts';

/** One permission that an account has given another: message type such as `/inference.inference.MsgStartInference`. `until`: ms; absent: for ever. */
export type Grant = { message: string; until?: number };
/** `rows`: of this page; `total`: of all pages, 0 where it isn't said. Both count every kind of authorisation. */
type GrantsPage = { list: Grant[]; rows: number; next?: string; total: number };

const GENERIC = '/cosmos.authz.v1beta1.GenericAuthorization';
const AMINO_GENERIC = 'cosmos-sdk/GenericAuthorization';
/** As many rows as one answer may have here; a node may give fewer. */
const PER_PAGE = 200;
/** More pages than this are not asked for: then the grants are unknown. */
const MOST_PAGES = 20;

/** Either form of an authorisation (facts 5.3). One that isn't generic allows something else, and is no message type here. */
const authorization = z.union([
  z.object({ '@type': z.literal(GENERIC), msg: text(256) }).transform(({ msg }) => msg),
  z.object({ type: z.literal(AMINO_GENERIC), value: z.object({ msg: text(256) }) }).transform(({ value }) => value.msg),
  z.object({ '@type': z.string().max(256).refine((name) => name !== GENERIC) }).transform(() => undefined),
  z.object({ type: z.string().max(256).refine((name) => name !== AMINO_GENERIC) }).transform(() => undefined),
]);
const expiration = z.string().max(64).nullish().transform((value, context) => {
  if (value === null || value === undefined) return undefined;
  const at = parseTime(value);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});
/** It is read to prove something: every row and the end of the list, or nothing. */
const pageSchema = z
  .object({
    grants: z.array(z.object({ authorization, expiration })).max(1000),
    pagination: z.object({ next_key: z.string().max(1024).nullish(), total: z.union([z.string().regex(/^\d{1,9}$/), z.number().int().nonnegative()]).nullish() }),
  })
  .transform(({ grants, pagination }): GrantsPage => ({
    list: grants.flatMap((one) => (one.authorization === undefined ? [] : [{ message: one.authorization, ...(one.expiration === undefined ? {} : { until: one.expiration }) }])),
    ...(pagination.next_key ? { next: pagination.next_key } : {}),
    rows: grants.length,
    total: Number(pagination.total ?? 0),
  }));

/** Chain REST path of what `granter` allows `grantee` (facts 5.3: by both, never by grantee alone). */
export function grantsPath(granter: string, grantee: string, page?: string): string {
  const query = new URLSearchParams({ granter, grantee, 'pagination.limit': String(PER_PAGE), ...(page ? { 'pagination.key': page } : {}) });
  return `/cosmos/authz/v1beta1/grants?${query}`;
}

/** One page; undefined for every status but 2xx, throws on a malformed body. */
export const readGrantsPage = (status: number, json: unknown): GrantsPage | undefined => (status >= 200 && status < 300 ? pageSchema.parse(json) : undefined);

const malformed: { problem: Problem } = { problem: { kind: 'malformed', error: { code: 'chain_answer_malformed', params: { host: 'chain' } } } };

/**
 * All pages, or a problem: a list that is cut off would show permissions as missing that are there. `ask` reads one page
 * by its key, the first one without. `at` is that of the oldest page.
 */
export async function wholeGrants(ask: (page: string | undefined) => Promise<Fetched<GrantsPage>>): Promise<Fetched<Grant[]>> {
  const list: Grant[] = [];
  const asked = new Set<string>();
  let at: number | undefined;
  let total = 0;
  let rows = 0;
  for (let page: string | undefined, pages = 0; pages < MOST_PAGES; pages += 1) {
    const got: Fetched<GrantsPage> = await ask(page);
    if (!got.value || got.at === undefined) return { problem: got.problem };
    if (got.problem && got.problem.kind !== 'waiting') return { problem: got.problem };
    at = Math.min(at ?? got.at, got.at);
    if (pages === 0) total = got.value.total;
    list.push(...got.value.list);
    rows += got.value.rows;
    if (!got.value.next) return total > 0 && total !== rows ? malformed : { value: list, at, ...(got.problem ? { problem: got.problem } : {}) };
    if (asked.has(got.value.next)) return malformed;
    page = got.value.next;
    asked.add(page);
  }
  return { problem: { kind: 'too-large', error: { code: 'chain_answer_too_large', params: { host: 'chain' } } } };
}

/** Whether a grant is in force. */
export const inForce = ({ until }: Grant, now = clock.now()): boolean => until === undefined || until > now;
