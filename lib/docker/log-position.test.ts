import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RawLine } from './log-lines.ts';
import { mergeByTime } from './log-merge.ts';
import { type LogBatch, LogOutbox, linesOf } from './log-outbox.ts';
import { decodePositions, encodePositions, Skip } from './log-position.ts';
import { logTime, parseTime, shiftTime, toEngineTime } from './log-time.ts';

const T = (ms: number, ns = 0) => `${new Date(Date.UTC(2026, 10, 23) + ms).toISOString().slice(0, -1)}${String(ns).padStart(6, '0')}Z`;
const line = (ms: number, n = 1, text = `${ms}`): RawLine => ({ time: T(ms), n, stream: 'stdout', line: text });

test('continues behind the known line, among lines of the same time too', () => {
  const all = [line(1), line(2, 1), line(2, 2), line(2, 3), line(3)];
  expect(new Skip({ time: T(2), n: 2 }).rest(all)).toEqual(all.slice(3));
  expect(new Skip({ time: T(3), n: 1 }).rest(all)).toEqual([]);
});

test('over several reads, and with a later line of the other stream in front', () => {
  const skip = new Skip({ time: T(10), n: 1 });
  expect(skip.rest([line(5), line(11)])).toEqual([]);
  expect(skip.rest([line(10), line(12)])).toEqual([line(12)]);
  expect(skip.rest([line(9)])).toEqual([line(9)]);
});

test('a place that is not there (rotated away) loses nothing behind it', () => {
  const skip = new Skip({ time: T(10), n: 1 });
  expect(skip.rest([line(900)])).toEqual([line(900)]);
  expect(skip.state).toBe('missed');
  const fewer = new Skip({ time: T(10), n: 5 });
  expect(fewer.rest([line(10, 1), line(10, 2), line(11)])).toEqual([line(11)]);
});

test('just before a line that had not ended', () => expect(new Skip({ time: T(10), n: 0 }).rest([line(9), line(10), line(11)])).toEqual([line(10), line(11)]));

test('the id of an event, there and back; rubbish is no position', () => {
  const positions = new Map([
    ['0123456789ab', { time: T(1, 123456), n: 1 }],
    ['ba9876543210', { time: T(2), n: 12 }],
  ]);
  expect(decodePositions(encodePositions(positions))).toEqual(positions);
  for (const bad of [null, '', 'x', 'zzzzzzzzzzzz@now@1', `0123456789ab@${T(1)}@-1`, `../etc@${T(1)}@1`, 'a'.repeat(10_000)]) expect(decodePositions(bad)).toBeUndefined();
});

test('times: nine digits, any offset in, seconds with a fraction out', () => {
  expect(logTime('2026-11-23T20:03:48.3873Z')).toBe('2026-11-23T20:03:48.387300000Z');
  expect(logTime('2026-11-23T20:03:48Z')).toBe('2026-11-23T20:03:48.000000000Z');
  expect(parseTime('2026-11-23T22:03:48.123456789+02:00')).toBe('2026-11-23T20:03:48.123456789Z');
  expect(parseTime('1795464228.5')).toBe('2026-11-23T20:03:48.500000000Z');
  expect(parseTime('2026-11-23T20:03Z')).toBe('2026-11-23T20:03:00.000000000Z');
  for (const bad of ['yesterday', '', '2026', '2026-13-45T00:00:00Z', '9'.repeat(20), '-5', '2026-11-23T20:03:48']) if (bad !== '2026') expect(parseTime(bad)).toBeUndefined();
  expect(toEngineTime('2026-11-23T20:03:48.000000001Z')).toBe('1795464228.000000001');
  expect(shiftTime('2026-11-23T20:03:48.123456789Z', -200)).toBe('2026-11-23T20:03:47.923456789Z');
});

test('a merge by time keeps each source’s own order and waits for the taker', async () => {
  const source = (name: string, batches: number[][]) => ({ name, next: async () => batches.shift()?.map((ms) => line(ms, 1, `${name}${ms}`)) });
  const out: string[] = [];
  await mergeByTime([source('a', [[1, 4], [3, 9]]), source('b', [[2, 5, 6], [10]]), source('c', [])], async (_, lines) => {
    await sleep(1);
    out.push(...lines.map((l) => l.line));
  });
  expect(out).toEqual(['a1', 'b2', 'a4', 'a3', 'b5', 'b6', 'a9', 'b10']);
});

const shown = (batch: LogBatch | undefined) => linesOf(batch?.runs ?? []);

test('a viewer that does not read: bounded, and told how many lines it missed', async () => {
  const outbox = new LogOutbox();
  for (let i = 0; i < 80_000; i++) outbox.push('a', 'k', [line(i)]);
  expect(outbox.full).toBe(true);
  expect(outbox.length).toBeLessThan(50_010);
  let lines = 0;
  let skipped = 0;
  let last = '';
  while (outbox.length > 0) {
    const batch = await outbox.next();
    expect(shown(batch).length).toBeLessThanOrEqual(1000);
    for (const one of shown(batch)) {
      if (one.event?.code === 'skipped') skipped += one.event.count;
      else lines++;
    }
    last = batch?.positions.get('k')?.time ?? '';
  }
  expect(lines + skipped).toBe(80_000);
  expect(last).toBe(T(79_999));
});

test('lines of several containers that were left out count as delivered for each of them', async () => {
  const outbox = new LogOutbox();
  outbox.push('a', 'a', Array.from({ length: 50_000 }, (_, i) => line(i)));
  outbox.push('a', 'a', [line(50_001), line(50_003)]);
  outbox.push('b', 'b', [line(50_002)]);
  const positions = new Map<string, string>();
  const told = [];
  while (outbox.length > 0) {
    const batch = await outbox.next();
    told.push(...shown(batch).filter((one) => one.event));
    for (const [key, position] of batch?.positions ?? []) positions.set(key, position.time);
  }
  expect(told.map((one) => one.event)).toEqual([{ code: 'skipped', count: 3 }]);
  expect(told[0]?.line).toBe('3 lines skipped');
  expect([...positions]).toEqual([['a', T(50_003)], ['b', T(50_002)]]);
});

test('runs: what follows each other of one service and stream goes together, an event stands alone', async () => {
  const outbox = new LogOutbox();
  outbox.push('a', 'a', [line(1), line(2)]);
  outbox.push('a', 'a', [line(3), { ...line(4), stream: 'stderr' }]);
  outbox.tell('a', T(5), { code: 'absent' });
  outbox.tell('a', T(6), { code: 'absent' });
  outbox.push('b', 'b', [line(7)]);
  expect((await outbox.next())?.runs).toEqual([
    { service: 'a', stream: 'stdout', times: [T(1), T(2), T(3)], lines: ['1', '2', '3'] },
    { service: 'a', stream: 'stderr', times: [T(4)], lines: ['4'] },
    { service: 'a', stream: 'event', times: [T(5)], lines: ['no container yet'], event: { code: 'absent' } },
    { service: 'a', stream: 'event', times: [T(6)], lines: ['no container yet'], event: { code: 'absent' } },
    { service: 'b', stream: 'stdout', times: [T(7)], lines: ['7'] },
  ]);
});

test('batches: at once after silence, then at most every 50 ms or 1,000 lines', async () => {
  const outbox = new LogOutbox();
  const push = (n: number) => outbox.push('a', 'k', [line(n)]);
  push(1);
  expect(shown(await outbox.next())).toHaveLength(1);
  const started = performance.now();
  push(2);
  setTimeout(() => push(3), 10);
  expect(shown(await outbox.next())).toHaveLength(2);
  expect(performance.now() - started).toBeGreaterThan(40);
  for (let i = 0; i < 1700; i++) push(i);
  expect(shown(await outbox.next())).toHaveLength(1000);
  const waiting = outbox.next();
  outbox.close();
  expect(await waiting).toBeUndefined();
});
