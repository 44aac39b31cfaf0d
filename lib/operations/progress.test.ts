import { expect, it } from 'vitest';
import { forgetProgress, progressOf, reportProgress } from './progress.ts';

it('how far a transfer is had no age: one that stood still looked like one that goes on', () => {
  const before = Date.now();
  reportProgress('one', { done: 7, parts: [] });
  const seen = progressOf('one');
  expect(seen).toMatchObject({ done: 7 });
  expect(seen?.at).toBeGreaterThanOrEqual(before);
  expect(seen?.at).toBeLessThanOrEqual(Date.now());
  forgetProgress('one');
  expect(progressOf('one')).toBeUndefined();
});
