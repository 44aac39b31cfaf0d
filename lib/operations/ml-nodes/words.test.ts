/** Every note, reason, problem and need about ML nodes has its words in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'use-intl/core';
import { expect, it } from 'vitest';
import { KINDS } from '#lib/operations/schema.ts';

const read = (dir: string, test: (name: string) => boolean) => readdirSync(dir).filter((name) => test(name) && !name.includes('.test.')).map((name) => readFileSync(join(dir, name), 'utf8')).join('\n');
const code = read(import.meta.dirname, (name) => name.endsWith('.ts'));
const needs = read(join(import.meta.dirname, '../../watch'), (name) => name === 'ml-node-needs.ts');
const all = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((m) => m[1] as string))];
const notes = all(code, /'(ml_(?:enable|disable|delete|new|models|kept)_[a-z_]+)'/g).filter((name) => !['ml_disabled_from', 'ml_deleted_already'].includes(name));
const evidence = all(code, /code: '(ml_[a-z_]+)', params/g).filter((name) => name !== 'ml_refused');
const whys = all(code, /why: '(ml_[a-z_]+)'/g);
const problems = all(code, /code: (?:inList \? )?'(nodes?_[a-z_]+)'/g).concat(all(code, /: '(node_id_in_batch)'/g));
const wanted = all(needs, /'(ml_[a-z_]+)', \{/g);
const kinds = Object.keys(KINDS).filter((kind) => kind.startsWith('ml-'));

it.each(['en', 'zh'] as const)('%s', (locale) => {
  expect([notes.length, whys.length, problems.length, wanted.length, kinds.length]).toEqual([10, 5, 8, 4, 5]);
  expect(evidence.length).toBeGreaterThan(12);
  const messages = JSON.parse(readFileSync(join(import.meta.dirname, `../../../messages/${locale}.json`), 'utf8'));
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  const say = (key: string) => expect(t(key as never, { nodes: 'a, b', node: 'a', before: 'b', others: '-', count: 2, already: 1, models: 'known', weight: 5, kind: 'safe_exit', user: 'ann', reapply: 'yes', service: 'api', epoch: 5, block: 900, columns: 'id', column: 'x', missing: 'id', line: 2, wanted: 3, most: 256 } as never), key).not.toMatch(/^(errors|operations|needs|deployment|operationView)\.|\{/);
  for (const one of notes) say(`operations.notes.${one}`);
  for (const one of evidence) say(`operations.evidence.${one}`);
  for (const one of whys) say(`operations.gate.${one}`);
  for (const one of problems) for (const part of ['what', 'means', 'next']) say(`deployment.problems.${one}.${part}`);
  for (const one of wanted) for (const part of ['title', 'text', 'action']) say(`needs.${one}.${part}`);
  for (const kind of kinds) for (const part of ['title', 'verb', 'kind']) say(`operationView.${part}.${kind}`);
  for (const why of ['ml_exit_runs', 'ml_content_gone']) for (const part of ['what', 'means', 'next']) say(`errors.gate_${why}.${part}`);
});
