import { z } from 'zod';
import type { Fetched, Problem } from './client.ts';
import { text } from './schema.ts';

/** An account that is registered, with the consensus key (base64) that the chain has for it. */
export type RegisteredKey = { address: string; validatorKey: string };
type RegisterPage = { list: RegisteredKey[]; next?: string };

const PER_PAGE = 1000;
const MOST_PAGES = 20;

const row = z.object({ index: text(128).nullish(), address: text(128).nullish(), validator_key: text(256).nullish() }).transform((raw) => ({ address: raw.address || raw.index || '', validatorKey: raw.validator_key ?? '' }));
const page = z
  .object({ participant: z.array(row).max(PER_PAGE), pagination: z.object({ next_key: z.string().max(1024).nullish() }) })
  .transform(({ participant, pagination }): RegisterPage => ({ list: participant, ...(pagination.next_key ? { next: pagination.next_key } : {}) }));

/** Chain REST path of the participants (facts 5.3), `key`: of the page. */
export function registerPath(key?: string): string {
  return `/productscience/inference/inference/participant?${new URLSearchParams({ 'pagination.limit': String(PER_PAGE), ...(key ? { 'pagination.key': key } : {}) })}`;
}

/** One page. Throws on a malformed one. */
export const readRegisterPage = (json: unknown): RegisterPage => page.parse(json);

const broken = (kind: Problem['kind'], code: string): { problem: Problem } => ({ problem: { kind, error: { code, params: { host: 'node' } } } });

/** Everyone, or a problem: who holds a key can't be told from a part. */
export async function wholeRegister(ask: (key: string | undefined) => Promise<Fetched<RegisterPage>>): Promise<Fetched<RegisteredKey[]>> {
  const list: RegisteredKey[] = [];
  let at: number | undefined;
  for (let key: string | undefined, pages = 0; pages < MOST_PAGES; pages += 1) {
    const got: Fetched<RegisterPage> = await ask(key);
    if (!got.value || got.problem) return { problem: got.problem };
    at = Math.min(at ?? Number.POSITIVE_INFINITY, got.at ?? Number.POSITIVE_INFINITY);
    list.push(...got.value.list);
    if (!got.value.next) return { value: list, at };
    if (got.value.next === key) return broken('malformed', 'chain_answer_malformed');
    key = got.value.next;
  }
  return broken('too-large', 'chain_answer_too_large');
}
