/** Every problem of node-config.json, and what is said about its being read, has its words in both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'use-intl/core';
import { expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };

const read = (...names: string[]) => names.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
const all = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, code]) => code as string))];
const problems = all(read('node-config.ts', 'node-config-problems.ts', 'node-config-arguments.ts'), /'(node_(?:config|id|placeholder|base|host|port|address|max|no|model|hardware|arg)(?:_[a-z0-9]+)*)'/g);
const evidence = [...new Set([...all(read('node-config-merged.ts'), /say\('[a-z-]+', '(\w+)'/g), 'database_doubtful'])];
const PARAMS = { node: 'n', model: 'm', token: '--x=<Y>', flag: '--x', value: '1', field: 'host', host: 'h', bare: 'b', port: 1, number: 1, line: 1, column: 1, first: 1, second: 2, other: 'o', address: 'a:1', type: 't', count: 0, file: 'f', reason: 'E', path: 'p' };

it.each([['en', en], ['zh', zh]] as const)('%s', (locale, messages) => {
  expect(problems.length).toBe(36);
  expect(evidence.length).toBe(7);
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  const keys = [
    ...problems.flatMap((code) => ['what', 'means', 'next'].map((part) => `deployment.problems.${code}.${part}`)),
    ...evidence.map((code) => `config.nodeConfigMerged.${code}`),
    ...['nodeMergedState', 'nodeMergedOther'].flatMap((group) => ['merged', 'not-merged', 'unknown'].flatMap((state) => ['what', 'next'].map((part) => `config.${group}.${state}.${part}`))),
  ];
  for (const key of keys) expect(t(key as never, PARAMS as never), key).not.toMatch(/^(deployment|config)\.|\{/);
});
