import type { MlNodeWish } from './ml-nodes-data.ts';

/** `left`: an exit that is over disabled it, and it is kept so. */
export type WishGroup = { state: Exclude<MlNodeWish['state'], 'kept'> | 'left'; wishes: MlNodeWish[] };
const ORDER: readonly WishGroup['state'][] = ['by_hand', 'forgotten', 'missing', 'unknown', 'left'];

const groupOf = ({ state, partOf }: MlNodeWish): WishGroup['state'] | undefined => (state !== 'kept' ? state : partOf ? 'left' : undefined);

/** What isn't as the operator wanted it, what needs an answer first; then what an exit has left behind. What a running exit wants is said on its own page. */
export const wishGroups = (wishes: readonly MlNodeWish[]): WishGroup[] =>
  ORDER.map((state) => ({ state, wishes: wishes.filter((one) => groupOf(one) === state && !one.exitRuns) })).filter((group) => group.wishes.length > 0);
