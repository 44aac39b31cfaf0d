import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { KINDS } from './schema.ts';

const code = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .sort()
  .filter((name) => name.endsWith('.ts') && !name.includes('test'))
  .map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'))
  .join('\n');
const all = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map((m) => m[1] as string))].sort();

const interlock = readFileSync(path.join(import.meta.dirname, 'interlock/tmkms-interlock.ts'), 'utf8');
const refused = [...interlock.matchAll(/'(tmkms_\w+)'/g)].map((m) => m[1] as string).filter((why) => !interlock.includes(`reason('${why}'`));
const resetWhys = ['reset_running', 'reset_active', 'reset_membership'];
const folder = [...readFileSync(path.join(import.meta.dirname, '../host/folder-tree.ts'), 'utf8').matchAll(/PanelError\('(folder_\w+)'/g)].map((m) => m[1] as string);
/** What an engine says about a pull, by what it means. */
const pullCodes = [...readFileSync(path.join(import.meta.dirname, '../docker/pull-error.ts'), 'utf8').matchAll(/'(pull_\w+)'/g)].map((m) => m[1] as string);
const errors = [...all(/new PanelError\('(\w+)'/g), ...all(/code: '(operation_\w+)'/g), ...all(/say\('(ml_key_\w+)'/g), 'one_shot_busy', ...all(/refuse\('(register_\w+)'/g), ...all(/, '(register_\w+)'\]/g), ...refused.map((why) => `gate_${why}`), 'gate_node_config_merged', 'gate_node_config_other', ...resetWhys.map((why) => `gate_${why}`), 'reset_nothing', 'backup_unknown', ...folder, ...all(/, '((?:pull|weights)_\w+)'\]/g), ...pullCodes, 'weights_killed', 'weights_failed', 'detached_running', 'program_absent', 'reveal_password', 'reveal_nothing', 'effective_no_compose', 'config_version_unknown', 'config_restore_secret'];
const noting = code.slice(code.indexOf('function notesOf'), code.indexOf('/** Whether it may be done now'));
const notes = [...[...noting.matchAll(/'([a-z]+_[a-z_]+)'/g)].map((m) => m[1] as string), 'tmkms_makes_key', 'tmkms_checked_after_pull', 'pulls_images', 'ml_key_stays', 'ml_key_looks_first', 'ml_key_phrase_once', 'weights_api_stays', ...all(/'(exit_(?:longer|waits|duty|host_down|network_stays|ml_stays))'/g)];
const evidence = all(/evidence: (?:await )?\{ code: '(\w+)'/g);
/** Evidence and output of an exit, wherever its code puts them together. */
const exitWords = all(/code: '(exit_\w+)'/g);
const steps = [...all(/waiting\('([\w-]+)'/g), 'undo', ...all(/^ {2}name: '([\w-]+)'/gm), ...all(/Step = \{ name: '([\w-]+)'/g), 'observe'];
const reasons = [...all(/reason\('(\w+)'/g), ...all(/why: '(poc|poc_near|confirmation_\w+|phase_\w+|leaving|busy)'/g), 'active_set', 'membership_unknown', ...refused, ...resetWhys, 'node_config_merged', 'node_config_other', 'consequences_unknown'];

for (const locale of ['en', 'zh'] as const) {
  const messages = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as { operations: Record<string, Record<string, string>>; operationView: Record<string, Record<string, string>>; errors: Record<string, Record<string, string>> };
  describe(locale, () => {
    it('has words for every error', () => expect([...errors, 'operation_deadline'].filter((name) => !messages.errors[name])).toEqual([]));
    it('has words for every step, evidence, note and reason', () => {
      expect(steps.length).toBeGreaterThan(12);
      expect(steps.filter((name) => !messages.operations.steps?.[name])).toEqual([]);
      expect(evidence.length).toBeGreaterThan(10);
      expect([...evidence, 'found', 'found_none', 'registered', 'not_on_chain', 'on_chain_otherwise', 'images_found', 'were', 'weights_run_on', 'weights_complete', 'weights_partial', 'weights_absent', 'weights_unproven', 'weights_unseen', 'weights_watched', 'weights_downloaded', 'weights_api_on', 'weights_api_unknown', 'cannot_tell', 'tmkms_made', 'alive', 'binds', 'binds_unseen', 'config_applied', 'config_concerns_none', 'ml_key_present', 'ml_key_absent', 'ml_key_unknown', 'reset_out_of_set', 'reset_down', 'reset_no_key', 'reset_found'].filter((name) => !messages.operations.evidence?.[name])).toEqual([]);
      expect(exitWords.length).toBeGreaterThan(15);
      expect(exitWords.filter((name) => !messages.operations.evidence?.[name] && !messages.operations.output?.[name])).toEqual([]);
      expect(all(/say\(\{ code: '(weights_\w+)'/g).filter((name) => !messages.operations.output?.[name])).toEqual([]);
      expect(notes.length).toBeGreaterThan(13);
      expect(notes.filter((name) => !messages.operations.notes?.[name])).toEqual([]);
      expect(reasons.filter((name) => !messages.operations.gate?.[name])).toEqual([]);
    });
    it('sixteen kinds of operations stood on the overview by their raw names', () => {
      const kinds = Object.keys(KINDS);
      expect(kinds.length).toBeGreaterThan(20);
      for (const part of ['title', 'verb', 'kind']) expect(kinds.filter((kind) => !(messages.operationView[part] as unknown as Record<string, string> | undefined)?.[kind])).toEqual([]);
    });
    it('a raw code such as chain_polite_wait stood in the gate of tmkms as what keeps its signatures from being seen', () => {
      // Why something could not be read or written, as a part of another sentence.
      const whys = Object.keys(messages.errors).filter((name) => /^(chain|database)_(?!newer|migration)/.test(name));
      expect(whys.length).toBeGreaterThan(20);
      expect([...whys, 'no_key', 'mlnodes_slow'].filter((name) => !messages.operationView.why?.[name])).toEqual([]);
      for (const words of Object.values(messages.operationView.why ?? {})) expect(words).not.toMatch(/[{}.。]$|\{/);
    });
    it('says them without a mistake of form', () => {
      const t = createTranslator({ locale, messages: { ...messages } as never, onError: (error) => { throw error; } });
      const params = { now: '/srv/gonka', host: 'h', place: '/p', free: 900, needed: 500, git: '2.39.5', repository: 'https://x', url: 'http://u', seed: 'http://s', among: 'all', by: 'both', ours: 'http://o', service: 'api', seconds: 70, phase: 'PoCGenerate', epoch: 5, own: 'A=', chain: 'same', why: 'x', reason: 'x', containers: 'api: running', since: '-', count: 1, sources: '/x', images: 'x', engine: '28', compose: '2', dir: '/d', services: 'a', release: '-', key: 'K', tmkms: 'connected', node: 'answers', height: 7, megabytes: 2, kind: 'launch_chain', target: 'chain', user: 'ann', project: 'join', exit: 1, detail: 'x', image: 'i', problems: 'p', source: '/s', minutes: 3, path: '/p', id: 'i', state: 'failed', restarts: 2, role: 'node', min: 10, pace: 'known', blocks: 12, block: 5_552_115, command: 'docker', container: 'c', registry: 'ghcr.io', offered: 'linux/arm64', machine: 'x86_64', need: 9, known: 'yes', size: 5, ids: 'a 1', here: 1, model: 'Qwen/QwQ-32B', revision: 'main', missing: 'a', program: 'hf', name: 'n', commit: 'c', gb: 24, file: 'config.env', version: 'abc', changed: 'A', mode: '0600', tightened: 'yes', variable: 'KEY_NAME', ports: 'api 9200', files: 'f', addresses: '127.0.0.1:9200', last: 'x', whole: 'yes', least: '2.24.4', address: '10.0.0.5', backend: 'test', bytes: 3, most: 72, positions: '3, 9', signed: 7, inSet: 'B=', newest: 9, after: 4, draws: 2, nodes: 'node1', reward: '5', others: 'node2', at: '2026-11-28T08:00:00Z', request: 'POST x', weight: 40, window: 500, days: 3, already: 1, models: 'known', said: 'x', absent: '-', different: 'n', saved: 1, there: 'yes', folders: '/f', sha256: 'c0', what: 'x', problem: 'node_config_type', field: 'host', number: 1, line: 3, column: 4 };
      for (const part of ['steps', 'evidence', 'output', 'notes', 'gate']) for (const key of Object.keys(messages.operations[part] ?? {})) expect(t(`operations.${part}.${key}` as never, params as never)).not.toMatch(/^operations\.|\{/);
      expect(t('operations.gate.poc_near' as never, { ...params, minutes: 0 } as never)).not.toContain('12');
      expect(t('operations.gate.poc_near' as never, { ...params, pace: 'unknown' } as never)).toContain('12');
      for (const name of errors) for (const part of ['what', 'means', 'next']) expect(t(`errors.${name}.${part}` as never, params as never)).not.toMatch(/^errors\.|\{/);
    });
  });
}
