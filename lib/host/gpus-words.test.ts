import { createTranslator } from 'use-intl/core';
import { expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };

it.each([['en', en], ['zh', zh]] as const)('%s: why the cards are unknown', (locale, messages) => {
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  for (const code of ['gpus_slow', 'gpus_denied', 'gpus_failed']) for (const part of ['what', 'means', 'next']) expect(t(`errors.${code}.${part}` as never, { seconds: 15, exit: 9 } as never)).not.toMatch(/^errors\.|\{/);
});
