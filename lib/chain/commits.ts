import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { consensusAddress } from './addresses.ts';
import type { Fetched, Problem } from './client.ts';
import { FROZEN_MS } from './height-watch.ts';
import { int, MAX_ROWS, parseTime, text } from './schema.ts';

/** One block's commit: its time (ms) and the hex addresses of the validators whose signature it carries. */
export type Commit = { height: number; chainId: string; at: number; signers: ReadonlySet<string> };

/** What the chain shows of one consensus key's signatures. `last`: the highest block read that carries one. */
export type Signatures = {
  newest: { height: number; at: number };
  last?: { height: number; at: number };
  /** Blocks above the signing state lie between what was read, and none of the first of them could be read. */
  gapUnread: boolean;
};

/** `newest`: so many of the newest blocks are read, of which `least` must be had; `after`: so many of those right above the signing state. */
type Depth = { newest: number; least: number; after: number };
/** The own node has no limits; a seed gives a few requests a minute (measured 38). */
export const OWN_DEPTH: Depth = { newest: 20, least: 2, after: 20 };
export const SEED_DEPTH: Depth = { newest: 3, least: 1, after: 1 };

const ABSENT: readonly unknown[] = [1, '1', 'BLOCK_ID_FLAG_ABSENT'];
const row = z.object({ block_id_flag: z.union([z.number(), z.string().max(40)]), validator_address: text(64).nullish() }).transform((raw) => (ABSENT.includes(raw.block_id_flag) ? '' : (raw.validator_address ?? '').toUpperCase()));

/** RPC `/commit` (facts 6; rows as in the samples of `/v1/epochs/current/participants`). A vote for nil is a signature too. Strict: nobody's signature is no commit. */
export const commitSchema = z
  .object({ result: z.object({ signed_header: z.object({ header: z.object({ chain_id: text(64), height: int, time: text(64) }), commit: z.object({ height: int, signatures: z.array(row).max(MAX_ROWS) }) }) }) })
  .transform(({ result: { signed_header: { header, commit } } }, context): Commit => {
    const at = parseTime(header.time);
    const signers = new Set(commit.signatures.filter((address) => address !== ''));
    if (at !== undefined && signers.size > 0 && commit.height === header.height) return { height: header.height, chainId: header.chain_id, at, signers };
    context.addIssue({ code: 'custom', message: 'not a commit' });
    return z.NEVER;
  });

export const commitPath = (height?: number): string => (height === undefined ? '/commit' : `/commit?height=${height}`);

const broken = (code: string): { problem: Problem } => ({ problem: { kind: 'malformed', error: { code, params: { host: 'node' } } } });

/**
 * Looks for a consensus key's (base64) signature in the newest blocks and in those right after `after`, the height of its
 * signing state. Bounded; what can't be read is a problem, never "no signature".
 */
export async function signaturesIn(ask: (height?: number) => Promise<Fetched<Commit>>, key: string, depth: Depth, after?: number): Promise<Fetched<Signatures>> {
  const address = consensusAddress(key)?.hex;
  if (!address) return broken('chain_answer_malformed');
  // Before all others: it stays the same block and is kept, while the newest is another one at each try and would take for ever what a seed gives.
  if (after !== undefined) await ask(after + 1);
  const first = await ask();
  if (!first.value || first.problem) return { problem: first.problem };
  const newest = first.value;
  if (Math.abs(clock.now() - newest.at) > FROZEN_MS) return broken('chain_stale');
  const below = range(newest.height - depth.newest + 1, newest.height - 1);
  const bottom = newest.height - depth.newest;
  const above = after === undefined ? [] : range(after + 1, Math.min(after + depth.after, bottom));
  const commits = [newest];
  for (const height of [...above, ...below.reverse()]) {
    const { value, problem } = await ask(height);
    if (value && !problem && value.height === height && value.chainId === newest.chainId) commits.push(value);
  }
  if (commits.filter(({ height }) => height > bottom).length < depth.least) return broken('chain_no_answer');
  const signed = commits.filter(({ signers }) => signers.has(address)).sort((a, b) => b.height - a.height)[0];
  return { value: { newest: { height: newest.height, at: newest.at }, ...(signed ? { last: { height: signed.height, at: signed.at } } : {}), gapUnread: above.length > 0 && !commits.some(({ height }) => above.includes(height)) }, at: first.at };
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - Math.max(1, from) + 1) }, (_, i) => Math.max(1, from) + i);
