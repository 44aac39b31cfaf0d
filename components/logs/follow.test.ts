import { expect, test } from 'vitest';
import { follow, following } from './follow.ts';

test('scrolling up pauses, reaching the bottom goes on', () => {
  const paused = follow(following, { type: 'pause', by: 'scroll', at: 100 });
  expect(paused).toEqual({ mode: 'paused', by: 'scroll', seenUntil: 100 });
  expect(follow(paused, { type: 'bottom' })).toEqual(following);
});

test('who pressed pause stays paused at the bottom', () => {
  const paused = follow(following, { type: 'pause', by: 'button', at: 5 });
  expect(follow(paused, { type: 'bottom' })).toBe(paused);
  expect(follow(paused, { type: 'resume' })).toEqual(following);
});

test('what was seen counts from the first stop', () => {
  const paused = follow(following, { type: 'pause', by: 'scroll', at: 100 });
  expect(follow(paused, { type: 'pause', by: 'button', at: 300 })).toEqual({ mode: 'paused', by: 'button', seenUntil: 100 });
  expect(follow(following, { type: 'bottom' })).toBe(following);
});
