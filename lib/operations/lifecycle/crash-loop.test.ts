import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { isCrashLooping, noteRestarts } from './crash-loop.ts';

let now = 1_800_000_000_000;
let count = 0;
let id = '';
beforeEach(() => {
  id = `container-${count++}`;
  vi.spyOn(clock, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const seen = (restartCount: number, upFor = 5_000, state = 'running') => ({ id, restartCount, state, startedAt: new Date(now - upFor).toISOString() });

it('waiting for its next start is a loop', () => expect(isCrashLooping(seen(1, 0, 'restarting'))).toBe(true));

it('many restarts of the past are none now', () => {
  noteRestarts([seen(50)]);
  expect(isCrashLooping(seen(50))).toBe(false);
});

it('one restart is an accident, two within ten minutes are a loop', () => {
  noteRestarts([seen(5)]);
  noteRestarts([seen(6)]);
  expect(isCrashLooping(seen(6))).toBe(false);
  now += 60_000;
  noteRestarts([seen(7)]);
  expect(isCrashLooping(seen(7))).toBe(true);
});

it('two between two looks count both', () => {
  noteRestarts([seen(0)]);
  noteRestarts([seen(9)]);
  expect(isCrashLooping(seen(9))).toBe(true);
});

it('ends when it holds out, or when it was long ago', () => {
  noteRestarts([seen(0)]);
  noteRestarts([seen(2)]);
  expect(isCrashLooping(seen(2, 121_000))).toBe(false);
  now += 11 * 60_000;
  expect(isCrashLooping(seen(2))).toBe(false);
});
