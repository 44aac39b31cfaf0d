import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { LastGood } from './last-good.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

const good = (value: number) => async () => ({ value, at: Date.now() });
const failed = async () => ({ error: { code: 'mlnodes_slow', params: { host: 'h', seconds: 5 } } });

it('asks once for all who look within its time, then again', async () => {
  const reading = new LastGood<number>('own node', 2_000);
  const ask = vi.fn(good(1));
  await Promise.all([reading.read('a', ask), reading.read('a', ask), reading.read('a', ask)]);
  vi.advanceTimersByTime(1_999);
  expect(await reading.read('a', ask)).toEqual({ state: 'ok', value: 1, at: 1_000_000, source: 'own node' });
  expect(ask).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect((await reading.read('a', good(2))).value).toBe(2);
});

it('keeps the last good value with its age when asking fails, and says why', async () => {
  const reading = new LastGood<number>('own node', 2_000);
  expect(await reading.read('a', failed)).toMatchObject({ state: 'unknown', error: { code: 'mlnodes_slow' } });
  vi.advanceTimersByTime(2_000);
  await reading.read('a', good(7));
  vi.advanceTimersByTime(2_000);
  expect(await reading.read('a', failed)).toMatchObject({ state: 'stale', value: 7, at: 1_002_000, error: { code: 'mlnodes_slow' } });
  vi.advanceTimersByTime(2_000);
  expect(await reading.read('a', good(8))).toEqual({ state: 'ok', value: 8, at: 1_006_000, source: 'own node' });
});

it('what another host said never counts for this one, also when it comes late', async () => {
  const reading = new LastGood<number>('own node', 2_000);
  let late: (answer: { value: number; at: number }) => void = () => {};
  const slow = reading.read('a', () => new Promise((resolve) => { late = resolve; }));
  const other = await reading.read('b', failed);
  late({ value: 1, at: Date.now() });
  await slow;
  expect(other.state).toBe('unknown');
  expect((await reading.read('b', failed)).value).toBeUndefined();
});

it('an asker that threw once silenced the reading until the panel restarted', async () => {
  const reading = new LastGood<number>('own node', 2_000);
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const broken = vi.fn(() => { throw new Error('a defect'); });
  expect(await reading.read('a', broken)).toMatchObject({ state: 'unknown', error: { code: 'unexpected', params: { event: expect.stringMatching(/^[0-9a-f]{8}$/) } } });
  // It isn't asked by every look either.
  await reading.read('a', broken);
  expect([broken, logged].map((one) => one.mock.calls.length)).toEqual([1, 1]);
  vi.advanceTimersByTime(2_000);
  expect((await reading.read('a', good(7))).value).toBe(7);
  vi.advanceTimersByTime(2_000);
  expect(await reading.read('a', () => Promise.reject(new PanelError('engine_stopped', { socket: 's' })))).toMatchObject({ state: 'stale', value: 7, error: { code: 'engine_stopped', params: { socket: 's' } } });
  vi.advanceTimersByTime(2_000);
  expect(await reading.read('a', good(8))).toMatchObject({ state: 'ok', value: 8 });
});
