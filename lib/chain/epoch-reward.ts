import { z } from 'zod';
import { amount, int, text } from './schema.ts';

/** A reward that nobody has claimed yet: ngonka, and the epoch that it is of. */
export type OpenReward = { epoch: number; reward: bigint };
/** What an epoch brought (facts 5.3): ngonka, and whether it was claimed. */
export type EpochReward = { epoch: number; reward: bigint; claimed: boolean };

const INFERENCE = '/productscience/inference/inference';
export const settlePath = (address: string): string => `${INFERENCE}/settle_amount/${encodeURIComponent(address)}`;
export const performancePath = (epoch: number, address: string): string => `${INFERENCE}/epoch_performance_summary/${epoch}/${encodeURIComponent(address)}`;

/** "There is none", as the chain says it; every other 404 (a proxy's, a closed route's) says nothing. */
const isAbsent = (status: number, json: unknown): boolean => status === 404 && (json as { code?: unknown } | undefined)?.code === 5;

const settle = z.object({ settle_amount: z.object({ participant: text(128), reward_coins: amount, work_coins: amount, epoch_index: int }) });

/** Reads `settle_amount/{address}`: what is open, `false` when nothing is. Throws on that of another participant. */
export function readSettle(address: string) {
  return (status: number, json: unknown): OpenReward | false | undefined => {
    if (isAbsent(status, json)) return false;
    if (status < 200 || status >= 300) return undefined;
    const { settle_amount: found } = settle.parse(json);
    if (found.participant !== address) throw new TypeError('another participant');
    return { epoch: found.epoch_index, reward: found.reward_coins + found.work_coins };
  };
}

const performance = z.object({
  epochPerformanceSummary: z.object({ epoch_index: int, participant_id: text(128), earned_coins: amount, rewarded_coins: amount, claimed: z.boolean().nullish() }),
});

/** Reads `epoch_performance_summary/{epoch}/{address}`; `false` when the host has none. Throws on that of another epoch or participant. */
export function readPerformance(epoch: number, address: string) {
  return (status: number, json: unknown): EpochReward | false | undefined => {
    if (isAbsent(status, json)) return false;
    if (status < 200 || status >= 300) return undefined;
    const { epochPerformanceSummary: found } = performance.parse(json);
    if (found.epoch_index !== epoch || found.participant_id !== address) throw new TypeError('another summary');
    return { epoch, reward: found.rewarded_coins + found.earned_coins, claimed: found.claimed === true };
  };
}
