import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advanced, blockAt, epochClock, epochRibbon, inPoc, phaseOf, stagesFromParams, timeOf, type EpochClock } from './epoch-clock.ts';
import { epochInfoSchema, epochLatestSchema } from './schema.ts';

const PARAMS = { epoch_length: 60, epoch_shift: 0, poc_stage_duration: 10, poc_exchange_duration: 2, poc_validation_delay: 2, poc_validation_duration: 8, set_new_validators_delay: 2, inference_validation_cutoff: 0 };
const SEEN = { at: 1_000_000, source: 'seed', secondsPerBlock: { seconds: 2, over: 500 } };

function clockAt(height: number, extra: object = {}, seen: typeof SEEN = SEEN): EpochClock {
  const index = Math.floor(height / 60);
  const info = epochInfoSchema.parse({ block_height: height, params: { epoch_params: PARAMS }, latest_epoch: { index, poc_start_block_height: index * 60 }, ...extra });
  const clock = epochClock(info, seen);
  if (!clock) throw new Error('no clock');
  return clock;
}

describe('stages', () => {
  test('follow from the parameters as mainnet has them', () => {
    const stages = stagesFromParams(56, 873251, { epoch_length: 15391, epoch_shift: 16980, poc_stage_duration: 60, poc_exchange_duration: 5, poc_validation_delay: 5, poc_validation_duration: 120, set_new_validators_delay: 120, inference_validation_cutoff: 80 });
    expect(stages).toEqual({ epoch: 56, pocStart: 873251, pocGenerationWindDown: 873299, pocGenerationEnd: 873311, pocValidationStart: 873316, pocValidationWindDown: 873412, pocValidationEnd: 873436, setNewValidators: 873556, claimMoney: 873557, inferenceValidationCutoff: 888562, nextPocStart: 888642 });
  });
  test('epoch 0 has no PoC: the first one is at epoch_length − epoch_shift', () => {
    const clock = epochClock(epochInfoSchema.parse({ block_height: '28', params: { epoch_params: { ...PARAMS, epoch_length: 17280, epoch_shift: 16980 } }, latest_epoch: { index: '0' } }), SEEN);
    expect(clock).toMatchObject({ epoch: 0, latestEpoch: 0, phase: 'Inference', blocksToNextPoc: 272 });
  });
  test('answers without usable stages or height give no clock', () => {
    expect(epochClock(epochLatestSchema.parse({ block_height: 5, latest_epoch: { index: 1 } }), SEEN)).toBeUndefined();
    expect(epochClock(epochInfoSchema.parse({ block_height: 0, params: { epoch_params: PARAMS } }), SEEN)).toBeUndefined();
  });
  test('stages out of order are not believed; the parameters are', () => {
    const bad = { block_height: 936, latest_epoch: { index: 15, poc_start_block_height: 900 }, epoch_stages: { epoch_index: 15, poc_start: 900, poc_validation_end: 10, next_poc_start: 960 }, epoch_params: PARAMS };
    expect(epochClock(epochLatestSchema.parse(bad), SEEN)?.stages.setNewValidators).toBe(922);
  });
});

describe('the clock', () => {
  test('names phase and effective epoch block by block', () => {
    const at = (offset: number) => {
      const { phase, epoch, latestEpoch } = clockAt(900 + offset);
      return `${phase} ${epoch}/${latestEpoch}`;
    };
    expect([0, 7, 8, 11, 12, 17, 18, 19, 20, 21, 22, 59].map(at)).toEqual([
      'PoCGenerate 14/15', 'PoCGenerate 14/15', 'PoCGenerateWindDown 14/15', 'PoCGenerateWindDown 14/15', 'PoCValidate 14/15', 'PoCValidate 14/15',
      'PoCValidateWindDown 14/15', 'PoCValidateWindDown 14/15', 'Inference 14/15', 'Inference 14/15', 'Inference 15/15', 'Inference 15/15',
    ]);
  });
  test('of stated and computed phase the more careful one stands', () => {
    const stated = (height: number, phase: string) => {
      const index = Math.floor(height / 60);
      return epochClock(epochLatestSchema.parse({ block_height: height, latest_epoch: { index, poc_start_block_height: index * 60 }, phase, epoch_params: PARAMS }), SEEN)?.phase;
    };
    expect(stated(930, 'PoCGenerate')).toBe('PoCGenerate');
    expect(stated(905, 'Inference')).toBe('PoCGenerate');
    expect(stated(930, 'SomethingNew')).toBe('Inference');
  });
  test('an answer past its own next PoC is already in it', () => {
    const latest = epochLatestSchema.parse({ block_height: 963, latest_epoch: { index: 15, poc_start_block_height: 900 }, phase: 'Inference', epoch_params: PARAMS });
    expect(epochClock(latest, SEEN)).toMatchObject({ phase: 'PoCGenerate', latestEpoch: 16, epoch: 15, blocksToNextPoc: 57 });
  });
  test('confirmation PoC is known, absent or unreadable', () => {
    expect(clockAt(930).confirmationPocActive).toBeUndefined();
    expect(clockAt(930, { is_confirmation_poc_active: true }).confirmationPocActive).toBe(true);
    expect(clockAt(930, { is_confirmation_poc_active: 'so-so' })).toMatchObject({ confirmationPocUnreadable: true });
    expect(inPoc(clockAt(930, { is_confirmation_poc_active: true }))).toBe(true);
    expect(inPoc(clockAt(930))).toBe(false);
    expect(inPoc(clockAt(905))).toBe(true);
  });
  test('estimates are inverse to each other, and unknown without a pace', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000 }), (block) => {
      const clock = clockAt(930);
      return blockAt(clock, timeOf(clock, block) ?? Number.NaN) === block;
    }));
    const { secondsPerBlock: _, ...unknown } = clockAt(930);
    expect([timeOf(unknown, 960), blockAt(unknown, 0)]).toEqual([undefined, undefined]);
    expect(advanced(unknown, 9e12)).toBe(unknown);
  });
  test('moved on by time it says what an answer of that block would say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 5_000 }), fc.integer({ min: 0, max: 3_000 }), (height, blocks) => {
        const then = advanced(clockAt(height), SEEN.at + blocks * 2000);
        const answer = clockAt(height + blocks);
        const { height: h, epoch, latestEpoch, phase, stages, next, blocksToNextPoc } = then;
        expect({ h, epoch, latestEpoch, phase, stages, next, blocksToNextPoc }).toEqual({
          h: answer.height, epoch: answer.epoch, latestEpoch: answer.latestEpoch, phase: answer.phase, stages: answer.stages, next: answer.next, blocksToNextPoc: answer.blocksToNextPoc,
        });
        expect(then.at).toBe(SEEN.at + blocks * 2000);
      }),
    );
  });
});

describe('the ribbon', () => {
  test('covers both epochs without a gap, and agrees with the phases', () => {
    const clock = clockAt(930);
    const ribbon = epochRibbon(clock);
    expect(ribbon[0]?.from).toBe(900);
    expect(ribbon.at(-1)?.to).toBe(1020);
    for (const [i, stretch] of ribbon.slice(1).entries()) expect(stretch.from).toBe(ribbon[i]?.to);
    for (let block = 900; block < 1020; block += 1) {
      const kind = ribbon.find((stretch) => block >= stretch.from && block < stretch.to)?.kind;
      const phase = phaseOf(block < 960 ? clock.stages : clock.next, block);
      expect(kind === 'inference' || kind === 'set-change').toBe(phase === 'Inference');
    }
  });
});
