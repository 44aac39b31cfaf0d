import type { Problem } from '#lib/chain/client.ts';
import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import type { EpochReward, OpenReward } from '#lib/chain/epoch-reward.ts';
import type { ActiveSet, Participant } from '#lib/chain/participants.ts';
import type { Reading } from '#lib/chain/reading.ts';
import type { SeedWitness } from '#lib/chain/seeds.ts';
import type { StakingValidator } from '#lib/chain/staking.ts';
import type { ValidatorSet } from '#lib/chain/validators.ts';

type Own<T> = { value?: T; at?: number; height?: number; chainId?: string; problem?: Problem };

/** What an exit is told of the network: lib/watch finds it out, app/ connects both. */
export type ExitNetwork = {
  clock: Reading<EpochClock>;
  participants: Reading<{ epoch: number; list: Participant[]; pocFailed?: true; totalWeight: number; /** Rows that couldn't be read. */ unread?: number }>;
  /** Whether the own api's public side answers. */
  api: Reading<true>;
  /** ML nodes of this host that stay on inference through the next PoC; absent in releases that say it by slots (facts 5.3). */
  preserved?: string[];
  address?: string;
  /** Consensus keys (base64) of this host; `registered`: the chain's record was read for them, `false` where it has none, absent: unknown. */
  keys: string[];
  registered?: boolean;
  chainId?: string;
  settle: Reading<OpenReward | false>;
  /** Of the epoch before the one in force. */
  performance: Reading<EpochReward | false>;
  /** Only where it was asked for. */
  answers?: { seeds: SeedWitness[]; participants: Own<ActiveSet>; validators: Own<ValidatorSet>; staking: Own<StakingValidator[]> };
};
