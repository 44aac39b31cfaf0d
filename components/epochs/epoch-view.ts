/** What the ribbon needs of the epoch clock: heights in blocks, `at` in ms. `stages` are those of `latestEpoch`, `next` the ones after it. */
export type EpochStages = { pocStart: number; pocGenerationEnd: number; pocValidationStart: number; pocValidationEnd: number; setNewValidators: number; claimMoney: number; nextPocStart: number };
export type EpochPhase = 'Inference' | 'PoCGenerate' | 'PoCGenerateWindDown' | 'PoCValidate' | 'PoCValidateWindDown';
export type EpochView = {
  height: number; at: number; source: string; epoch: number; latestEpoch: number; phase: EpochPhase; confirmationPocActive?: boolean;
  secondsPerBlock?: number; secondsPerBlockOver?: number; stages: EpochStages; next: EpochStages; blocksToNextPoc: number;
};
