import { expect, test } from 'vitest';
import { clockHeldIn, clockMovedTo, effectiveEpoch, heightAt, latestEpoch, phaseAt, scaledEpochParams, stagesOf, type ChainClock, type Phase } from './chain.ts';

const clock: ChainClock = { atTime: 0, atHeight: 0, blockMs: 1000, anchor: { epoch: 0, start: 0 }, epochParams: scaledEpochParams(60) };

test('stages of an epoch are those of the recording', () => {
  expect(stagesOf(clock, 15)).toEqual({
    epoch_index: 15, poc_start: 900, poc_generation_wind_down: 908, poc_generation_end: 910, poc_validation_start: 912, poc_validation_wind_down: 918, poc_validation_end: 920,
    set_new_validators: 922, claim_money: 923, inference_validation_cutoff: 960, next_poc_start: 960, poc_exchange_window: { start: 901, end: 912 }, poc_validation_exchange_window: { start: 913, end: 920 },
  });
});

test('phases and epochs change in the blocks in which they were seen to change', () => {
  const seen: [number, Phase, number, number][] = [
    [899, 'Inference', 14, 14], [900, 'PoCGenerate', 15, 14], [907, 'PoCGenerate', 15, 14], [908, 'PoCGenerateWindDown', 15, 14], [911, 'PoCGenerateWindDown', 15, 14],
    [912, 'PoCValidate', 15, 14], [918, 'PoCValidateWindDown', 15, 14], [920, 'Inference', 15, 14], [921, 'Inference', 15, 14], [922, 'Inference', 15, 15],
  ];
  for (const [height, phase, latest, effective] of seen) expect([height, phaseAt(clock, height), latestEpoch(clock, height), effectiveEpoch(clock, height)]).toEqual([height, phase, latest, effective]);
});

test('heights follow the time, and stand when the chain is halted', () => {
  expect(heightAt(clock, 936_500)).toBe(936);
  expect(heightAt({ ...clock, haltedAt: 900 }, 936_500)).toBe(900);
});

test('a phase can be held: heights go on, the phase stays', () => {
  for (const from of [12_005, 12_013, 12_030]) {
    const at = from * 1000;
    for (const phase of ['Inference', 'PoCGenerate', 'PoCGenerateWindDown', 'PoCValidate', 'PoCValidateWindDown'] as const) {
      const held = clockHeldIn(clock, phase, at);
      expect(heightAt(held, at)).toBe(from);
      for (const later of [0, 60_000, 600_000]) expect([from, phase, phaseAt(held, heightAt(held, at + later))]).toEqual([from, phase, phase]);
      expect(latestEpoch(held, from)).toBeGreaterThanOrEqual(latestEpoch(clock, from));
    }
  }
});

test('the clock can be moved to a block of the epoch, never back', () => {
  expect(heightAt(clockMovedTo(clock, 40, 930_000), 930_000)).toBe(940);
  expect(heightAt(clockMovedTo(clock, 5, 930_000), 931_000)).toBe(966);
});
