import type { Fetched, Problem } from './client.ts';
import type { ValidatorsPage } from './schema.ts';

/** CometBFT's validators of one block, every one of them: consensus key (base64) and voting power. */
export type ValidatorSet = { height: number; list: { key: string; power: number }[] };

/** CometBFT gives no more on one page. */
export const VALIDATORS_PER_PAGE = 100;
/** More pages than this are not asked for: then the set is unknown. */
const MOST_PAGES = 30;

const broken = (code: string): { problem: Problem } => ({ problem: { kind: 'malformed', error: { code, params: { host: 'node' } } } });

/**
 * Reads RPC `/validators` (facts 6) page by page. It is to prove an absence, so it is the whole set of one block, no
 * older than `atLeast`, or a problem: a page that belongs to another block, a row too few or twice the same key is no answer.
 */
export async function wholeValidatorSet(ask: (page: number) => Promise<Fetched<ValidatorsPage>>, atLeast: number): Promise<Fetched<ValidatorSet>> {
  const first = await ask(1);
  if (!first.value || first.problem) return { problem: first.problem };
  const { height, total } = first.value;
  if (height < atLeast) return broken('chain_stale');
  if (total > MOST_PAGES * VALIDATORS_PER_PAGE) return { problem: { kind: 'too-large', error: { code: 'chain_answer_too_large', params: { host: 'node' } } } };
  const list = [...first.value.validators];
  for (let page = 2; list.length < total; page += 1) {
    const next = await ask(page);
    if (!next.value || next.problem) return { problem: next.problem };
    if (next.value.height !== height || next.value.total !== total || next.value.validators.length === 0) return broken('chain_answer_malformed');
    list.push(...next.value.validators);
  }
  if (list.length !== total || new Set(list.map(({ key }) => key)).size !== total) return broken('chain_answer_malformed');
  return { value: { height, list }, at: first.at };
}
