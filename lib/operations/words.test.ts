import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';

const code = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.includes('test'))
  .map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'))
  .join('\n');
const all = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map((m) => m[1] as string))].sort();

const interlock = readFileSync(path.join(import.meta.dirname, 'tmkms-interlock.ts'), 'utf8');
const refused = [...interlock.matchAll(/'(tmkms_\w+)'/g)].map((m) => m[1] as string).filter((why) => !['tmkms_unreadable_running', 'tmkms_moved'].includes(why));
const errors = [...all(/new PanelError\('(\w+)'/g), ...all(/code: '(operation_\w+)'/g), ...refused.map((why) => `gate_${why}`), 'gate_node_config_merged', 'gate_node_config_other', 'reveal_password', 'reveal_nothing', 'effective_no_compose', 'config_version_unknown', 'config_restore_secret'];
const noting = code.slice(code.indexOf('function notesOf'), code.indexOf('/** Whether it may be done now'));
const notes = [...[...noting.matchAll(/'([a-z]+_[a-z_]+)'/g)].map((m) => m[1] as string), 'tmkms_makes_key', 'tmkms_checked_after_pull', 'pulls_images'];
const evidence = all(/evidence: (?:await )?\{ code: '(\w+)'/g);
const steps = [...all(/^ {2}name: '([\w-]+)'/gm), ...all(/Step = \{ name: '([\w-]+)'/g), 'observe'];
const reasons = [...all(/reason\('(\w+)'/g), ...all(/why: '(poc|poc_near|confirmation_poc|phase_\w+)'/g), 'active_set', 'membership_unknown', ...refused, 'node_config_merged', 'node_config_other', 'consequences_unknown'];

for (const locale of ['en', 'zh'] as const) {
  const messages = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as { operations: Record<string, Record<string, string>>; errors: Record<string, Record<string, string>> };
  describe(locale, () => {
    it('has words for every error', () => expect([...errors, 'operation_deadline'].filter((name) => !messages.errors[name])).toEqual([]));
    it('has words for every step, evidence, note and reason', () => {
      expect(steps.length).toBeGreaterThan(12);
      expect(steps.filter((name) => !messages.operations.steps?.[name])).toEqual([]);
      expect(evidence.length).toBeGreaterThan(10);
      expect([...evidence, 'found', 'found_none', 'cannot_tell', 'tmkms_made', 'alive', 'binds', 'binds_unseen', 'config_applied', 'config_concerns_none'].filter((name) => !messages.operations.evidence?.[name])).toEqual([]);
      expect(notes.length).toBeGreaterThan(13);
      expect(notes.filter((name) => !messages.operations.notes?.[name])).toEqual([]);
      expect(reasons.filter((name) => !messages.operations.gate?.[name])).toEqual([]);
    });
    it('says them without a mistake of form', () => {
      const t = createTranslator({ locale, messages: { ...messages } as never, onError: (error) => { throw error; } });
      const params = { service: 'api', seconds: 70, phase: 'PoCGenerate', epoch: 5, own: 'A=', chain: 'same', why: 'x', reason: 'x', containers: 'api: running', since: '-', count: 1, sources: '/x', images: 'x', engine: '28', compose: '2', dir: '/d', services: 'a', release: '-', key: 'K', tmkms: 'connected', node: 'answers', height: 7, megabytes: 2, kind: 'launch_chain', target: 'chain', user: 'ann', project: 'join', exit: 1, detail: 'x', image: 'i', problems: 'p', source: '/s', minutes: 3, path: '/p', id: 'i', state: 'failed', restarts: 2, role: 'node', min: 10, pace: 'known', blocks: 12, block: 5_552_115, command: 'docker', container: 'c', file: 'config.env', version: 'abc', changed: 'A', mode: '0600', tightened: 'yes', variable: 'KEY_NAME' };
      for (const part of ['steps', 'evidence', 'output', 'notes', 'gate']) for (const key of Object.keys(messages.operations[part] ?? {})) expect(t(`operations.${part}.${key}` as never, params as never)).not.toMatch(/^operations\.|\{/);
      expect(t('operations.gate.poc_near' as never, { ...params, minutes: 0 } as never)).not.toContain('12');
      expect(t('operations.gate.poc_near' as never, { ...params, pace: 'unknown' } as never)).toContain('12');
      for (const name of errors) for (const part of ['what', 'means', 'next']) expect(t(`errors.${name}.${part}` as never, params as never)).not.toMatch(/^errors\.|\{/);
    });
  });
}
