import type { MlNodeWish } from './ml-nodes-data.ts';

export type WishGroup = { state: Exclude<MlNodeWish['state'], 'kept'>; wishes: MlNodeWish[] };
const ORDER: readonly WishGroup['state'][] = ['by_hand', 'forgotten', 'missing', 'unknown'];

/** What isn't as the operator wanted it, what needs an answer first. What a running exit wants is said on its own page. */
export const wishGroups = (wishes: readonly MlNodeWish[]): WishGroup[] =>
  ORDER.map((state) => ({ state, wishes: wishes.filter((one) => one.state === state && !one.exitRuns) })).filter((group) => group.wishes.length > 0);
