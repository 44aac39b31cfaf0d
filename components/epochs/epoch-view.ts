export type { EpochClock as EpochView, EpochStages } from '#lib/chain/epoch-clock.ts';
