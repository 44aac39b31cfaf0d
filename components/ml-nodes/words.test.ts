import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';

type Tree = { [key: string]: string | Tree };
const params = { all: 3, works: 2, bad: 1, waits: 0, off: 0, unknown: 0, cards: 16, models: 1, model: 'Qwen/QwQ-32B', counted: 2, epoch: 56, enabled: 1, count: 2, node: 'node1', nodes: 'node1, node2', inference: '5000', poc: '8080', intended: 'x', current: 'y', word: 'w', flag: '--x', local: '1', governance: '2', weight: '40', user: 'ann', service: 'api', kind: 'maintenance', number: 4, id: 'i' };
const keysOf = (tree: Tree, before = ''): string[] => Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [`${before}${key}`] : keysOf(value, `${before}${key}.`)));

const conditions = [...(/export type ConditionCode =\n([^;]+);/.exec(readFileSync(path.join(import.meta.dirname, '../../lib/mlnodes/node-condition.ts'), 'utf8'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map((match) => match[1] as string);
const trees = Object.fromEntries(['en', 'zh'].map((locale) => [locale, JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as Tree]));

for (const locale of ['en', 'zh'] as const) {
  describe(locale, () => {
    const own = trees[locale]?.mlNodes as Tree;
    it('has a word and a sentence for every condition', () => {
      const said = own.conditions as Record<string, Tree>;
      expect(Object.keys(said).sort()).toEqual([...conditions].sort());
      expect(conditions.filter((code) => !said[code]?.word || !said[code]?.text)).toEqual([]);
    });
    it('says everything without a mistake of form', () => {
      const t = createTranslator({ locale, messages: trees[locale] as never, onError: (error) => { throw error; } });
      const rich: Record<string, unknown> = { ...params };
      for (const tag of ['b', 's', 'code', 'time', 'block', 'exit', 'drift']) rich[tag] = (chunks: string) => chunks;
      for (const key of keysOf(own)) expect(String(t.rich(`mlNodes.${key}` as never, rich as never))).not.toMatch(/^mlNodes\.|[{}]/);
    });
  });
}

it('both languages have the same words', () => {
  expect(keysOf(trees.zh?.mlNodes as Tree)).toEqual(keysOf(trees.en?.mlNodes as Tree));
});
