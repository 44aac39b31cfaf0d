import { createTranslator } from 'use-intl/core';
import { expect, test } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };

const PARAMS = { backend: 'file', chain: 'gonka-mainnet', release: '0.2.8', name: 'gonka-account-key', there: 3, of: 20, count: 2, end: () => 'then', day: '1 May', page: (chunks: unknown) => chunks };

function leaves(node: unknown, at: string): string[] {
  return typeof node === 'string' ? [at] : Object.entries(node as Record<string, unknown>).flatMap(([key, value]) => leaves(value, `${at}.${key}`));
}
const keys = (messages: typeof en | typeof zh) => ['register', 'grant'].flatMap((part) => leaves(messages.onboarding[part as 'register' | 'grant'], `onboarding.${part}`));

test('both languages say the same things', () => expect(keys(zh).sort()).toEqual(keys(en).sort()));
test.each([['en', en], ['zh', zh]] as const)('each without a mistake of form, %s', (locale, messages) => {
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  for (const key of keys(messages)) expect(String(t.rich(key as never, PARAMS as never))).not.toMatch(/^onboarding\.|\{/);
  expect(t('onboarding.grant.password' as never, { backend: 'os' } as never)).not.toBe(t('onboarding.grant.password' as never, { backend: 'file' } as never));
});
