import { expect, test } from 'vitest';
import { isUpstreamRef, releasesIn } from './upstream-releases.ts';

test('releases of a repository, newest first: numbers are counted, trials left out, an annotated tag is one', () => {
  const id = 'a'.repeat(40);
  const tags = ['release/v0.2.4', 'release/v0.2.14', 'release/v0.2.14^{}', 'release/v0.2.9', 'release/v0.2.15-post5', 'release/v0.2.15', 'release/v0.2.0-alpha1', 'pre-release/v0.1.11-1', 'release/v0.1.1-debug', 'release/0.1.17-alpha1-short-epochs', 'mlnode/3.0.16'];
  expect(releasesIn(tags.map((tag) => `${id}\trefs/tags/${tag}`).join('\n')).map(({ ref }) => ref)).toEqual(['release/v0.2.15-post5', 'release/v0.2.15', 'release/v0.2.14', 'release/v0.2.9', 'release/v0.2.4']);
  expect(releasesIn('warning: something\n')).toEqual([]);
});

test.each(['--upload-pack=x', 'main;id', 'release/v1', '../main', 'release/v0.2.4\n', ''])('%j may not be asked for', (ref) => expect(isUpstreamRef(ref)).toBe(false));
test.each(['main', 'release/v0.2.14', 'v0.2.14', '0.2.15-post5'])('%j may', (ref) => expect(isUpstreamRef(ref)).toBe(true));
