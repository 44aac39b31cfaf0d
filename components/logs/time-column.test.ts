import { expect, test } from 'vitest';
import { microsToIso, timeColumn } from './time-column.ts';

const micros = (iso: string) => Date.parse(iso) * 1000;
const now = () => Date.parse('2026-11-23T20:00:00Z');

test('today to the millisecond, other days with their date, in the zone', () => {
  expect(timeColumn('UTC', now)(micros('2026-11-23T10:52:58.121Z'))).toBe('10:52:58.121');
  expect(timeColumn('UTC', now)(micros('2026-11-22T10:52:58.121Z'))).toBe('11-22 10:52:58');
  expect(timeColumn('Asia/Shanghai', now)(micros('2026-11-23T16:30:00Z'))).toBe('00:30:00.000');
  expect(timeColumn('Asia/Shanghai', now)(micros('2026-11-23T15:30:00Z'))).toBe('11-23 23:30:00');
  expect(timeColumn('UTC', now)(Number.NaN)).toBe('');
});

test('over a change to summer time', () => {
  const column = timeColumn('Europe/Berlin', () => Date.parse('2026-03-29T12:00:00Z'));
  expect([column(micros('2026-03-29T00:59:59Z')), column(micros('2026-03-29T01:00:00Z'))]).toEqual(['01:59:59.000', '03:00:00.000']);
});

test('a permalink keeps the microseconds', () => {
  expect(microsToIso(micros('2026-11-23T10:52:58.121Z') + 456)).toBe('2026-11-23T10:52:58.121456Z');
});
