/** Every reason, category and argument has its words in both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'use-intl/core';
import { expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import { BUILT_IN } from './catalogue.ts';
import { modelArguments } from '#lib/core/model-arguments.ts';
import { REASONED, reasonOf } from './vram-fit.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const all = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, code]) => code as string))];
const fit = [...all(read('vram-fit.ts'), /reason\('\w+', '(\w+)'/g), 'ram_enough', 'ram_short'];
const proposal = all(read('propose-node.ts'), /code: (?:local \? )?'(\w+)'/g).concat('host_remote', 'ports_remote');
const PARAMS = { cards: 2, card: 24, have: 48, need: 80, missing: 32, margin: 0, source: 's', date: 'd', minimum: 40, tensor: 2, pipeline: 1, size: 2, gb: 48, instances: 1, idle: 1, variable: 'A=0', version: '3', group: 38, needed: 72, count: 1, id: 'node1', host: 'h', inference: 1, poc: 2, value: 500, model: 'm' };

it.each([['en', en], ['zh', zh]] as const)('%s', (locale, messages) => {
  expect([fit.length, proposal.length]).toEqual([24, 8]);
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  const keys = [
    ...fit.map((code) => `models.fit.${code}`), ...proposal.map((code) => `models.proposal.${code}`), ...[...REASONED, 'other'].map((flag) => `models.reasons.${flag}`),
    ...BUILT_IN.flatMap(({ category, known }) => [`models.category.${category}`, `models.known.${known}`]), 'models.known.governance', 'models.unitRule',
  ];
  for (const key of keys) expect(t(key as never, PARAMS as never), key).not.toMatch(/^models\.|\{/);
});

it('every argument of a reference configuration is explained', () => {
  const flags = new Set(BUILT_IN.flatMap(({ references }) => references.flatMap(({ args }) => modelArguments(args).map(({ flag }) => flag))));
  expect(flags.size).toBeGreaterThan(15);
  expect([...flags].filter((flag) => reasonOf(flag) === 'other')).toEqual([]);
});
