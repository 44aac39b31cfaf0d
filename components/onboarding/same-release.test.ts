import { expect, it } from 'vitest';
import { isSameRelease } from './same-release.ts';

it('images of 0.2.1 were taken for those of the tag 0.2.14', () => {
  expect(isSameRelease('0.2.14', '0.2.14')).toBe(true);
  expect(isSameRelease('0.2.14-post2', '0.2.14')).toBe(true);
  for (const [tag, release] of [['0.2.14', '0.2.1'], ['0.2.1.1', '0.2.1'], ['0.2.8', '0.2.14']] as const) expect(isSameRelease(tag, release)).toBe(false);
});
