import { z } from 'zod';
import { amount, int, intOrZero, text } from './schema.ts';

/** A fraction without loss: the chain's decimals are `{value, exponent}`, their zero values absent. */
type Fraction = { of: bigint; in: bigint };
const LARGEST_EXPONENT = 18;
const decimal = z.object({ value: amount, exponent: intOrZero.refine((exponent) => Math.abs(exponent) <= LARGEST_EXPONENT) }).transform(({ value, exponent }): Fraction => (exponent < 0 ? { of: value, in: 10n ** BigInt(-exponent) } : { of: value * 10n ** BigInt(exponent), in: 1n }));

/**
 * What the network wants as collateral (facts 14). `since`: the first epoch whose weights it counts for; `free`: the share of
 * the weight that counts without; `perWeight`: ngonka for each unit of the rest.
 */
export type CollateralRule = { since: number; free: Fraction; perWeight: Fraction };

/** `collateral_params` of the chain's parameters. The epoch that ends the grace is the last one without. */
export const collateralRule = z
  .object({ grace_period_end_epoch: int.nullish(), base_weight_ratio: decimal, collateral_per_weight_unit: decimal })
  .transform((raw): CollateralRule => ({ since: (raw.grace_period_end_epoch ?? 0) + 1, free: raw.base_weight_ratio, perWeight: raw.collateral_per_weight_unit }))
  .refine(({ free }) => free.of <= free.in);

/** Chain REST path of what a host has deposited (facts 5.3). */
export const collateralPath = (address: string): string => `/productscience/inference/collateral/collateral/${encodeURIComponent(address)}`;

const deposit = z.object({ amount: z.object({ denom: text(64), amount: z.string().regex(/^\d{1,40}$/) }) });

/** Reads `collateral/{address}` in ngonka; 0 also where the chain says that there is none (404 with gRPC code 5, and nothing else). Throws on another coin. */
export function readCollateral(status: number, json: unknown): bigint | undefined {
  if (status === 404 && (json as { code?: unknown } | undefined)?.code === 5) return 0n;
  if (status < 200 || status >= 300) return undefined;
  const { denom, amount: there } = deposit.parse(json).amount;
  if (denom !== 'ngonka') throw new TypeError('another coin');
  return BigInt(there);
}

/** The share that counts without a deposit, 0 to 1. */
export const freeShare = ({ free }: CollateralRule): number => Number(free.of) / Number(free.in);

/** Ngonka for a whole weight to count, rounded up. */
export function wantedCollateral({ free, perWeight }: CollateralRule, weight: number): bigint {
  const [above, below] = [BigInt(Math.max(0, Math.trunc(weight))) * (free.in - free.of) * perWeight.of, free.in * perWeight.in];
  return (above + below - 1n) / below;
}
