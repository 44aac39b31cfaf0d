/**
 * The chain's clock: which block it is, which epoch and which stage of it.
 * Everything is a function of the time and of the clock's parameters, so that every container
 * that knows them agrees without talking to the others (facts 7).
 */
export type Phase = 'Inference' | 'PoCGenerate' | 'PoCGenerateWindDown' | 'PoCValidate' | 'PoCValidateWindDown';

/** Lengths in blocks, with the chain's own names (facts 7). */
export type EpochParams = {
  epochLength: number;
  pocStageDuration: number;
  pocExchangeDuration: number;
  pocValidationDelay: number;
  pocValidationDuration: number;
  setNewValidatorsDelay: number;
  inferenceValidationCutoff: number;
};

export type ChainClock = {
  /** Unix time in ms of `atHeight`; every later block is `blockMs` after the one before. */
  atTime: number;
  atHeight: number;
  blockMs: number;
  /** Epoch `epoch` starts its PoC at block `start`; the others follow at `epochLength`. */
  anchor: { epoch: number; start: number };
  epochParams: EpochParams;
  /** The chain stands still at this block. */
  haltedAt?: number;
};

export type Stages = {
  epoch_index: number;
  poc_start: number;
  poc_generation_wind_down: number;
  poc_generation_end: number;
  poc_validation_start: number;
  poc_validation_wind_down: number;
  poc_validation_end: number;
  set_new_validators: number;
  claim_money: number;
  inference_validation_cutoff: number;
  next_poc_start: number;
  poc_exchange_window: { start: number; end: number };
  poc_validation_exchange_window: { start: number; end: number };
};

/** The stage lengths of the recordings (60 blocks an epoch), scaled to another epoch length. */
export function scaledEpochParams(epochLength: number): EpochParams {
  const part = (blocks: number) => Math.max(1, Math.round((blocks * epochLength) / 60));
  return {
    epochLength,
    pocStageDuration: part(10),
    pocExchangeDuration: part(2),
    pocValidationDelay: part(2),
    pocValidationDuration: part(8),
    setNewValidatorsDelay: part(2),
    inferenceValidationCutoff: 0,
  };
}

export function heightAt(clock: ChainClock, now: number): number {
  const height = clock.atHeight + Math.floor((now - clock.atTime) / clock.blockMs);
  return Math.max(1, clock.haltedAt === undefined ? height : Math.min(height, clock.haltedAt));
}

/** Unix time in ms at which a block was (or will be) made. */
export function timeOfBlock(clock: ChainClock, height: number): number {
  return clock.atTime + (height - clock.atHeight) * clock.blockMs;
}

/** The epoch whose PoC started last: `latest_epoch.index` of /v1/epochs/latest. */
export function latestEpoch(clock: ChainClock, height: number): number {
  return Math.max(0, clock.anchor.epoch + Math.floor((height - clock.anchor.start) / clock.epochParams.epochLength));
}

export function pocStart(clock: ChainClock, epoch: number): number {
  return clock.anchor.start + (epoch - clock.anchor.epoch) * clock.epochParams.epochLength;
}

/** The stage blocks of an epoch (facts 7; wind-down factor 0.8). */
export function stagesOf(clock: ChainClock, epoch: number): Stages {
  const p = clock.epochParams;
  const start = pocStart(clock, epoch);
  const generationEnd = start + p.pocStageDuration;
  const validationStart = generationEnd + p.pocValidationDelay;
  const validationEnd = validationStart + p.pocValidationDuration;
  const setNew = validationEnd + p.setNewValidatorsDelay;
  const next = start + p.epochLength;
  return {
    epoch_index: epoch,
    poc_start: start,
    poc_generation_wind_down: start + Math.floor(p.pocStageDuration * 0.8),
    poc_generation_end: generationEnd,
    poc_validation_start: validationStart,
    poc_validation_wind_down: validationStart + Math.floor(p.pocValidationDuration * 0.8),
    poc_validation_end: validationEnd,
    set_new_validators: setNew,
    claim_money: setNew + 1,
    inference_validation_cutoff: next - p.inferenceValidationCutoff,
    next_poc_start: next,
    poc_exchange_window: { start: start + 1, end: generationEnd + p.pocExchangeDuration },
    poc_validation_exchange_window: { start: validationStart + 1, end: validationEnd },
  };
}

export function phaseAt(clock: ChainClock, height: number): Phase {
  const epoch = latestEpoch(clock, height);
  if (epoch === 0) return 'Inference';
  const s = stagesOf(clock, epoch);
  if (height >= s.poc_validation_end) return 'Inference';
  if (height >= s.poc_validation_wind_down) return 'PoCValidateWindDown';
  if (height >= s.poc_validation_start) return 'PoCValidate';
  if (height >= s.poc_generation_wind_down) return 'PoCGenerateWindDown';
  return 'PoCGenerate';
}

/** The epoch whose validators are in force: one behind the latest until `set_new_validators`. */
export function effectiveEpoch(clock: ChainClock, height: number): number {
  const latest = latestEpoch(clock, height);
  return height >= stagesOf(clock, latest).set_new_validators ? latest : Math.max(0, latest - 1);
}

/**
 * A clock that is in `phase` from `now` on and stays there (for thousands of blocks; wind-downs for an
 * eighth of the height): the stage gets long, blocks go on at their pace, heights never go back.
 */
export function clockHeldIn(clock: ChainClock, phase: Phase, now: number): ChainClock {
  const height = heightAt(clock, now);
  const latest = latestEpoch(clock, height);
  const long = 1_000_000;
  const half = Math.floor(height / 2);
  const p = { ...clock.epochParams, epochLength: 4 * long };
  const from = (epoch: number, start: number, params: EpochParams): ChainClock => ({
    ...clock, atHeight: height, atTime: timeOfBlock(clock, height), anchor: { epoch, start }, epochParams: params,
  });
  const inPoc = phaseAt(clock, height) !== 'Inference';
  const epoch = inPoc ? latest : latest + 1;
  switch (phase) {
    case 'Inference': {
      // An epoch that just got its validators: the block after claim_money.
      const claim = stagesOf(clock, latest).claim_money - pocStart(clock, latest);
      const start = height > pocStart(clock, latest) + claim ? pocStart(clock, latest) : height - claim - 1;
      return from(latest, start, p);
    }
    case 'PoCGenerate': return from(epoch, height, { ...p, pocStageDuration: long });
    case 'PoCGenerateWindDown': return from(epoch, height - half, { ...p, pocStageDuration: Math.floor(half / 0.8) });
    case 'PoCValidate': return from(epoch, height - p.pocStageDuration - p.pocValidationDelay, { ...p, pocValidationDuration: long });
    case 'PoCValidateWindDown':
      return from(epoch, height - half - p.pocStageDuration - p.pocValidationDelay, { ...p, pocValidationDuration: Math.floor(half / 0.8) });
  }
}

/** A clock that stands at `offset` blocks after the start of the next PoC right now, and goes on from there. */
export function clockMovedTo(clock: ChainClock, offset: number, now: number): ChainClock {
  const height = heightAt(clock, now);
  const latest = latestEpoch(clock, height);
  const here = pocStart(clock, latest) + offset;
  const target = here > height ? here : pocStart(clock, latest + 1) + offset;
  return { ...clock, atHeight: target, atTime: now };
}
