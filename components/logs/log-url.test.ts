import { expect, test } from 'vitest';
import { readLogAddress, streamQuery, writeLogAddress } from './log-url.ts';

test('read and written are the same', () => {
  const text = '?service=node&service=api&q=%2Fa%2Bb%2F&level=error&level=warn&since=15m&tail=200';
  expect(writeLogAddress(readLogAddress(new URLSearchParams(text)))).toBe(text);
});

test('what makes no sense is left out', () => {
  expect(readLogAddress(new URLSearchParams('level=loud&since=yesterday&tail=-3&at=x&service='))).toEqual({ services: [], q: '', levels: [], since: undefined, tail: undefined, at: undefined });
});

test('the question to the stream', () => {
  const now = Date.parse('2026-11-23T14:00:00Z');
  expect(streamQuery({}, ['node'], now)).toBe('service=node&tail=1000');
  expect(streamQuery({ since: '15m' }, ['node'], now)).toBe('service=node&since=2026-11-23T13%3A45%3A00.000Z&tail=all');
  expect(streamQuery({ at: '2026-11-23T13:00:00.123456Z' }, ['a', 'b'], now)).toBe('service=a&service=b&since=2026-11-23T12%3A58%3A00.123Z&tail=all');
});
