import { expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import { DRIFT_LEVEL } from './drift-level.ts';

it('a node that was taken out of the file was said to have been added later, with nothing to do', () => {
  expect(DRIFT_LEVEL.only_in_api_merged).toBe('attention');
  expect([en, zh].map((one) => one.config.nodeDrift.only_in_api_merged.next).map((text) => /admin API|管理接口/.test(text))).toEqual([true, true]);
  // Green is only what says so, in either language.
  for (const [messages, nothing] of [[en, 'Nothing has to be done'], [zh, '无需处理']] as const) {
    expect(Object.entries(messages.config.nodeDrift).filter(([, { next }]) => next.includes(nothing)).map(([name]) => name)).toEqual(Object.entries(DRIFT_LEVEL).filter(([, level]) => level === 'ok').map(([name]) => name));
  }
});
