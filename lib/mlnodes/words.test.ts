/** Every error and every "what to do" of this room has its words in both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'use-intl/core';
import { expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const errors = [...new Set([...(read('http-get.ts') + read('client.ts') + read('admin-request.ts')).matchAll(/'(mlnodes_\w+)'/g)].map(([, code]) => code as string))];
const drift = [...(/export type WhatToDo =([^;]+);/.exec(read('drift.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, code]) => code as string);

it.each([['en', en], ['zh', zh]] as const)('%s', (locale, messages) => {
  expect([errors.length, drift.length]).toEqual([7, 9]);
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  const keys = [...errors.flatMap((code) => ['what', 'means', 'next'].map((part) => `errors.${code}.${part}`)), ...drift.flatMap((code) => ['what', 'next'].map((part) => `config.nodeDrift.${code}.${part}`))];
  for (const key of keys) expect(t(key as never, { host: 'h', why: 'E', seconds: 5, status: 404, said: 'x' } as never), key).not.toMatch(/^(errors|config)\.|\{/);
});
