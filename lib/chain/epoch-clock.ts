import type { EpochLatest, EpochParams, Phase, RawStages } from './schema.ts';

export type { Phase } from './schema.ts';

/** Blocks of one epoch's stages (facts 7); `epoch` is its index. */
export type EpochStages = {
  epoch: number;
  pocStart: number;
  pocGenerationWindDown: number;
  pocGenerationEnd: number;
  pocValidationStart: number;
  pocValidationWindDown: number;
  pocValidationEnd: number;
  setNewValidators: number;
  claimMoney: number;
  inferenceValidationCutoff: number;
  nextPocStart: number;
};

export type EpochClock = {
  height: number;
  /** Milliseconds of that block. */
  at: number;
  source: string;
  /** The effective epoch: whose set is in force. */
  epoch: number;
  /** One ahead of `epoch` from the start of a PoC until the new set is in force. */
  latestEpoch: number;
  phase: Phase;
  /** Absent in releases without confirmation PoC, and when it can't be read (see `confirmationPocUnreadable`). */
  confirmationPocActive?: boolean;
  confirmationPocUnreadable?: true;
  /** Last block of the confirmation PoC that is under way, where its event says when it began (facts 7). */
  confirmationPocEnd?: number;
  secondsPerBlock?: number;
  /** Blocks that it was measured over. */
  secondsPerBlockOver?: number;
  /** Of `latestEpoch`. */
  stages: EpochStages;
  next: EpochStages;
  blocksToNextPoc: number;
};

/** A stretch of the epoch ribbon: blocks `from` (in) to `to` (out). */
export type Stretch = { kind: 'generation' | 'exchange' | 'validation' | 'set-change' | 'inference'; epoch: number; from: number; to: number };

/** A stage list that follows from the parameters and the start of the PoC (facts 7). */
export function stagesFromParams(epoch: number, pocStart: number, params: EpochParams): EpochStages {
  if (epoch <= 0) {
    const nextPocStart = params.epoch_length - params.epoch_shift;
    return { epoch: 0, pocStart: 0, pocGenerationWindDown: 0, pocGenerationEnd: 0, pocValidationStart: 0, pocValidationWindDown: 0, pocValidationEnd: 0, setNewValidators: 0, claimMoney: 0, inferenceValidationCutoff: nextPocStart, nextPocStart };
  }
  const pocGenerationEnd = pocStart + params.poc_stage_duration;
  const pocValidationStart = pocGenerationEnd + params.poc_validation_delay;
  const pocValidationEnd = pocValidationStart + params.poc_validation_duration;
  const setNewValidators = pocValidationEnd + params.set_new_validators_delay;
  const nextPocStart = pocStart + params.epoch_length;
  return {
    epoch,
    pocStart,
    pocGenerationWindDown: pocStart + Math.trunc(0.8 * params.poc_stage_duration),
    pocGenerationEnd,
    pocValidationStart,
    pocValidationWindDown: pocValidationStart + Math.trunc(0.8 * params.poc_validation_duration),
    pocValidationEnd,
    setNewValidators,
    claimMoney: setNewValidators + 1,
    inferenceValidationCutoff: nextPocStart - params.inference_validation_cutoff,
    nextPocStart,
  };
}

function stagesFromAnswer(raw: RawStages | undefined): EpochStages | undefined {
  if (!raw) return undefined;
  const stages: EpochStages = {
    epoch: raw.epoch_index,
    pocStart: raw.poc_start,
    pocGenerationWindDown: raw.poc_generation_wind_down,
    pocGenerationEnd: raw.poc_generation_end,
    pocValidationStart: raw.poc_validation_start,
    pocValidationWindDown: raw.poc_validation_wind_down,
    pocValidationEnd: raw.poc_validation_end,
    setNewValidators: raw.set_new_validators,
    claimMoney: raw.claim_money,
    inferenceValidationCutoff: raw.inference_validation_cutoff,
    nextPocStart: raw.next_poc_start,
  };
  return inOrder(stages) ? stages : undefined;
}

function inOrder(stages: EpochStages): boolean {
  const { pocStart, pocGenerationEnd, pocValidationStart, pocValidationEnd, setNewValidators, nextPocStart } = stages;
  const rising = [pocStart, pocGenerationEnd, pocValidationStart, pocValidationEnd, setNewValidators, nextPocStart];
  return nextPocStart > pocStart && rising.every((block, i) => i === 0 || block >= (rising[i - 1] ?? 0));
}

/** The phase of a block by its epoch's stages. Epoch 0 has no PoC of its own. */
export function phaseOf(stages: EpochStages, height: number): Phase {
  if (stages.epoch <= 0 || height < stages.pocStart || height >= stages.pocValidationEnd) return 'Inference';
  if (height < stages.pocGenerationWindDown) return 'PoCGenerate';
  // Measured: the wind-down lasts through the exchange, until validation starts.
  if (height < stages.pocValidationStart) return 'PoCGenerateWindDown';
  return height < stages.pocValidationWindDown ? 'PoCValidate' : 'PoCValidateWindDown';
}

function shifted(stages: EpochStages, by: number): EpochStages {
  return {
    epoch: stages.epoch + 1,
    pocStart: stages.pocStart + by,
    pocGenerationWindDown: stages.pocGenerationWindDown + by,
    pocGenerationEnd: stages.pocGenerationEnd + by,
    pocValidationStart: stages.pocValidationStart + by,
    pocValidationWindDown: stages.pocValidationWindDown + by,
    pocValidationEnd: stages.pocValidationEnd + by,
    setNewValidators: stages.setNewValidators + by,
    claimMoney: stages.claimMoney + by,
    inferenceValidationCutoff: stages.inferenceValidationCutoff + by,
    nextPocStart: stages.nextPocStart + by,
  };
}

/** Everything that depends on the height alone. The more careful of the stated and the computed phase wins. */
function placed(height: number, stages: EpochStages, next: EpochStages, stated?: Phase): Pick<EpochClock, 'height' | 'epoch' | 'latestEpoch' | 'phase' | 'stages' | 'next' | 'blocksToNextPoc'> {
  let current = stages;
  let following = next;
  // The answer of an api that lags behind its own height, or a height that we estimated ourselves.
  const length = next.nextPocStart - next.pocStart;
  if (length > 0 && height >= current.nextPocStart) {
    const skip = Math.floor((height - next.pocStart) / length);
    current = { ...following };
    for (let i = 0; i < Math.min(skip, 1000); i += 1) current = shifted(current, length);
    following = shifted(current, length);
  }
  const computed = phaseOf(current, height);
  const phase = computed === 'Inference' && stated && current === stages ? stated : computed;
  const epoch = current.epoch > 0 && height < current.setNewValidators ? current.epoch - 1 : current.epoch;
  return { height, epoch, latestEpoch: current.epoch, phase, stages: current, next: following, blocksToNextPoc: Math.max(0, current.nextPocStart - height) };
}

/**
 * The epoch clock of one answer, or undefined when it names no usable stages.
 * `latest` is `/v1/epochs/latest` or chain REST `epoch_info`; `at` is the time of its block.
 */
export function epochClock(latest: EpochLatest, seen: { at: number; source: string; secondsPerBlock?: { seconds: number; over: number } }): EpochClock | undefined {
  const params = latest.params && latest.params.epoch_length > 0 ? latest.params : undefined;
  const fromParams = params ? stagesFromParams(latest.latestEpoch, latest.pocStart, params) : undefined;
  const answered = stagesFromAnswer(latest.stages);
  const stages = answered && answered.epoch === latest.latestEpoch ? answered : fromParams && inOrder(fromParams) ? fromParams : undefined;
  if (!stages || latest.height <= 0) return undefined;
  const answeredNext = stagesFromAnswer(latest.nextStages);
  const next =
    answeredNext && answeredNext.pocStart === stages.nextPocStart ? answeredNext
    : params ? stagesFromParams(stages.epoch + 1, stages.nextPocStart, params)
    : shifted(stages, stages.nextPocStart - stages.pocStart);
  const confirmation = latest.confirmationPoc;
  const confirmationEnd = params && confirmation === 'active' && latest.confirmationStart !== undefined
    ? latest.confirmationStart + params.poc_stage_duration + params.poc_exchange_duration + params.poc_validation_delay + params.poc_validation_duration - 2
    : undefined;
  return {
    ...placed(latest.height, stages, { ...next, epoch: stages.epoch + 1 }, latest.phase),
    at: seen.at,
    source: seen.source,
    ...(confirmation === 'active' || confirmation === 'inactive' ? { confirmationPocActive: confirmation === 'active' } : {}),
    ...(confirmation === 'unreadable' ? { confirmationPocUnreadable: true as const } : {}),
    ...(confirmationEnd === undefined ? {} : { confirmationPocEnd: confirmationEnd }),
    ...(seen.secondsPerBlock ? { secondsPerBlock: seen.secondsPerBlock.seconds, secondsPerBlockOver: seen.secondsPerBlock.over } : {}),
  };
}

/** The estimated time (ms) of a block; undefined while the seconds per block are unknown. */
export function timeOf(clock: Pick<EpochClock, 'height' | 'at' | 'secondsPerBlock'>, block: number): number | undefined {
  return clock.secondsPerBlock === undefined ? undefined : Math.round(clock.at + (block - clock.height) * clock.secondsPerBlock * 1000);
}

/** The estimated height at a time (ms); undefined while the seconds per block are unknown. */
export function blockAt(clock: Pick<EpochClock, 'height' | 'at' | 'secondsPerBlock'>, time: number): number | undefined {
  return clock.secondsPerBlock === undefined ? undefined : clock.height + Math.floor((time - clock.at) / 1000 / clock.secondsPerBlock);
}

/** The clock moved on to `now` by its own pace (an estimate); itself while the pace is unknown. `at` moves with it. */
export function advanced(clock: EpochClock, now: number): EpochClock {
  const height = blockAt(clock, now);
  if (height === undefined || height <= clock.height) return clock;
  return { ...clock, ...placed(height, clock.stages, clock.next, clock.phase === phaseOf(clock.stages, clock.height) ? undefined : clock.phase), at: timeOf(clock, height) ?? clock.at };
}

/** The stretches of the latest and the next epoch in order, without gaps, empty ones left out. */
export function epochRibbon(clock: Pick<EpochClock, 'stages' | 'next'>): Stretch[] {
  return [clock.stages, clock.next].flatMap((stages): Stretch[] => {
    const { epoch } = stages;
    if (epoch <= 0) return [{ kind: 'inference', epoch, from: stages.pocStart, to: stages.nextPocStart }];
    const all: Stretch[] = [
      { kind: 'generation', epoch, from: stages.pocStart, to: stages.pocGenerationEnd },
      { kind: 'exchange', epoch, from: stages.pocGenerationEnd, to: stages.pocValidationStart },
      { kind: 'validation', epoch, from: stages.pocValidationStart, to: stages.pocValidationEnd },
      { kind: 'set-change', epoch, from: stages.pocValidationEnd, to: stages.setNewValidators },
      { kind: 'inference', epoch, from: stages.setNewValidators, to: stages.nextPocStart },
    ];
    return all.filter((stretch) => stretch.to > stretch.from);
  });
}

/** True when nothing disruptive may happen: a PoC, or a confirmation PoC, is under way. */
export function inPoc(clock: Pick<EpochClock, 'phase' | 'confirmationPocActive'>): boolean {
  return clock.phase !== 'Inference' || clock.confirmationPocActive === true;
}
