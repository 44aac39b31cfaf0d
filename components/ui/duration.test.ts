import { expect, it } from 'vitest';
import { splitDuration } from './duration.ts';

const say = (ms: number) => splitDuration(ms).map(({ unit, value }) => `${value}${unit}`).join(' ');

it('says two units at most and never more than has passed', () => {
  expect(say(-5)).toBe('0s');
  expect(say(59_999)).toBe('59s');
  expect(say(60_000)).toBe('1min');
  expect(say(3_599_999)).toBe('59min');
  expect(say(11_520_000)).toBe('3h 12min');
  expect(say(7_200_000)).toBe('2h');
  expect(say(90_000_000)).toBe('1d 1h');
  expect(say(8 * 86_400_000 + 5)).toBe('8d');
});
