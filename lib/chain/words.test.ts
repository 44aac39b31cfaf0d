/** Every code that the chain room and the watch room can give as a reason has its words, in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'next-intl';
import { expect, test } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };

const LIB = join(import.meta.dirname, '..');
const codes = new Set(
  ['chain', 'watch'].flatMap((room) =>
    readdirSync(join(LIB, room)).filter((file) => file.endsWith('.ts') && !file.includes('.test.')).flatMap((file) => [...readFileSync(join(LIB, room, file), 'utf8').matchAll(/'(chain_[a-z_]+)'/g)].map(([, code]) => code ?? '')),
  ),
);
// Keys of other things that begin alike.
for (const other of ['chain_down', 'chain_only', 'chain_only_unread', 'chain_id']) codes.delete(other);

test.each([['en', en], ['zh', zh]] as const)('%s', (locale, messages) => {
  expect(codes.size).toBeGreaterThan(15);
  const problems: string[] = [];
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => problems.push(String(error)) });
  const params = { host: 'h', why: 'w', status: 1, service: 's', chain: 'c', expected: 'e', height: 1, have: 1, now: 2 };
  for (const code of codes) for (const part of ['what', 'means', 'next']) t(`errors.${code}.${part}` as never, params as never);
  expect(problems).toEqual([]);
});
