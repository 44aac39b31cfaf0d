import { z } from 'zod';
import { parseTime, text } from './schema.ts';

/** What an account pays of another's transaction fees. `until`: ms, absent: for ever; `left`: ngonka that are left, absent: without a limit. */
export type FeeAllowance = { until?: number; left?: bigint };

/** The release since which `grant-ml-ops-permissions` gives the ML operational key an allowance, too (facts 8.2, 13 row 15). */
const SINCE = [0, 2, 12];

/** Whether the api of a release works with fees that the account pays; false where the release isn't known. */
export function paysFees(release: string | undefined): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(release ?? '')?.slice(1).map(Number);
  if (!parts) return false;
  return (parts.map((part, i) => part - (SINCE[i] ?? 0)).find((difference) => difference !== 0) ?? 0) >= 0;
}

export const feeAllowancePath = (granter: string, grantee: string): string => `/cosmos/feegrant/v1beta1/allowance/${encodeURIComponent(granter)}/${encodeURIComponent(grantee)}`;

const basic = z.object({
  expiration: z.string().max(64).nullish(),
  spend_limit: z.array(z.object({ denom: text(64), amount: z.string().regex(/^\d{1,40}$/) })).max(100).nullish(),
});
/** An allowance may be one for certain messages only, with the plain one inside. */
const allowanceSchema = z.object({ allowance: z.object({ allowance: z.union([z.object({ allowance: basic }).transform((outer) => outer.allowance), basic]) }) }).transform((raw) => raw.allowance.allowance);

/** Reads `allowance/{granter}/{grantee}`: the allowance; `false` when the chain says that there is none (404 with gRPC code 5, and nothing else). Throws on an end that is no time. */
export function readFeeAllowance(status: number, json: unknown): FeeAllowance | false | undefined {
  if (status === 404 && (json as { code?: unknown } | undefined)?.code === 5) return false;
  if (status < 200 || status >= 300) return undefined;
  const { expiration, spend_limit: limit } = allowanceSchema.parse(json);
  const until = expiration ? parseTime(expiration) : undefined;
  if (expiration && until === undefined) throw new TypeError('not a time');
  const left = limit?.length ? BigInt(limit.find(({ denom }) => denom === 'ngonka')?.amount ?? 0) : undefined;
  return { ...(until === undefined ? {} : { until }), ...(left === undefined ? {} : { left }) };
}
