import { expect, it } from 'vitest';
import { configHeadline } from './config-headline.ts';

const file = { text: 'A=1', version: 'v1' };

it('"config.env is in order" stood over a conflict with somebody else\'s change, and over a file that could not be read any more', () => {
  expect(configHeadline(file, {}, false, []).code).toBe('ok');
  expect(configHeadline(file, {}, true, []).code).toBe('conflict');
  expect(configHeadline(file, { error: { code: 'config_unreadable' } }, false, []).code).toBe('title');
});

it('what is broken counts alone, before what needs a look; a file that is not there has no verdict', () => {
  expect(configHeadline(file, {}, false, [{ level: 'attention' }])).toEqual({ code: 'odd', count: 1 });
  expect(configHeadline(file, {}, false, [{ level: 'attention' }, { level: 'broken' }])).toEqual({ code: 'broken', count: 1 });
  for (const base of [undefined, { version: 'v1' }, { text: '', version: 'absent' as const }]) expect(configHeadline(base as never, {}, false, []).code).toBe('title');
});
