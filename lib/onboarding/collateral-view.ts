import { type CollateralRule, freeShare, wantedCollateral } from '#lib/chain/collateral.ts';
import type { Participant } from '#lib/chain/schema.ts';
import type { Reading } from '#lib/chain/reading.ts';

/**
 * Whether the weight of this host counts whole (facts 14). `unread`: the network's rule isn't known; `unseen`: the deposit
 * isn't; `there`: a deposit, but no weight yet to hold it against. Amounts in ngonka; `since`: the first epoch that wants it;
 * `share`: 0 to 1, what counts without.
 */
export type CollateralView = Pick<Reading<unknown>, 'at' | 'source' | 'error'> &
  ({ state: 'unread' } | { state: 'unseen' | 'none'; since: number; share: number } | { state: 'there'; deposit: string; since: number; share: number } | { state: 'short' | 'enough'; deposit: string; wanted: string; since: number; share: number });

type Seen = { /** The epoch in force. */ epoch: number; /** Our entry in its set. */ active?: Pick<Participant, 'weight' | 'mlNodes'> };

/** Undefined while neither this epoch nor the next one wants collateral. */
export function collateralView({ value, at, source, error }: Reading<{ rule: CollateralRule; deposit?: bigint }>, { epoch, active }: Seen): CollateralView | undefined {
  const from = { ...(at === undefined ? {} : { at }), ...(source ? { source } : {}), ...(error ? { error } : {}) };
  if (!value) return { state: 'unread', ...from };
  const { rule, deposit } = value;
  const base = { since: rule.since, share: freeShare(rule), ...from };
  if (epoch + 1 < rule.since || base.share === 1) return undefined;
  if (deposit === undefined) return { state: 'unseen', ...base };
  if (deposit === 0n) return { state: 'none', ...base };
  // The set's own weight is what was left of it: a deposit that is too small has shrunk it already.
  const weight = active ? Math.max(active.weight, active.mlNodes.reduce((sum, { pocWeight }) => sum + pocWeight, 0)) : 0;
  if (weight === 0) return { state: 'there', deposit: deposit.toString(), ...base };
  const wanted = wantedCollateral(rule, weight);
  return { state: deposit < wanted ? 'short' : 'enough', deposit: deposit.toString(), wanted: wanted.toString(), ...base };
}
