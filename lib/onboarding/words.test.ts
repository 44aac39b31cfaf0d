/** Every code that a step or a prerequisite can show has its words, in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { STEPS } from './schema.ts';

const code = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8')).join('\n');
const found = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].flatMap((match) => match.slice(1)).filter(Boolean))].sort() as string[];

const PARAMS = { api: 'gonka1y', lacking: 2, ready: 1, weights: 'later', days: 300, image: 'x/mlnode:3', seen: 4, of: 8, network: 'join_default', mbits: 1000, card: 'eth0', name: 'k', detail: 'connect ENOENT', container: 'web', ports: '9100', place: 'deploy', path: '/p', free: 3, total: 9, low: 100, gb: 64, vram: 80, needed: '13.0', cores: 8, arch: 'arm64', seconds: 9, count: 3, names: 'N', least: 40, worth: 320, lost: 1, which: '1', cuda: '12.4', driver: '570', version: '1', socket: '/s', port: 26657, protocol: 'tcp', service: 'api', process: 'nginx', host: 'h', hosts: 'h', height: 5, known: 'yes', now: 'yes', ok: 3, attention: 1, broken: 2, unknown: 1, address: 'gonka1x', dir: '/d', release: '0.2.8', nodes: 1, absent: 1, services: 'node', chain: 'a', ours: 'b', url: 'u', down: 1, epoch: 5, weight: 4, next: 9 };

/** Built from pieces in the code, so the search can't see them whole. */
const BUILT = {
  said: ['why_unread', 'why_silent', 'why_container', 'why_absent', 'why_unreadable', 'why_not_set', 'why_not_chosen', 'why_engine', 'why_compose', 'why_containers', 'toolkit_runtime', 'toolkit_cdi', 'engine_absent', 'engine_stopped', 'engine_permission', 'exposed_leaks', 'exposed_admin', 'exposed_admin_maybe', 'exposed_internal', 'adx', 'no_adx', 'clock_synced', 'clock_not_yet', 'clock_alone', 'driver_failed', 'toolkit_none', 'toolkit_none_no_cards', 'seeds_down', 'seeds_unclear'],
  fix: ['disk_docker', 'disk_deploy', 'disk_hf', 'engine_absent', 'engine_stopped', 'engine_permission', 'leak_was_open', 'leak_was_open_no_card', 'shut', 'shut_no_card', 'bind', 'cuda_13', 'driver_old'],
};

for (const locale of ['en', 'zh'] as const) {
  const messages = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as { onboarding: Record<string, Record<string, unknown>> };
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  const say = (key: string) => t(`onboarding.${key}` as never, PARAMS as never) as string;
  const all = (keys: string[]) => { for (const key of keys) expect(say(key), key).not.toMatch(/^onboarding\.|[{}]|26,657|^$/); };

  describe(locale, () => {
    it('steps', () => all(STEPS.flatMap((name) => [`steps.${name}.title`, `steps.${name}.text`])));
    it('rows: label and rule', () => {
      const ids = [...found(/\bid: '([a-z_]+)'/g), ...found(/unknownRow\('([a-z_]+)'/g)];
      expect(new Set(ids).size).toBeGreaterThanOrEqual(16);
      all(ids.flatMap((id) => [`rows.${id}.label`, `rows.${id}.rule`]));
      expect(Object.keys(messages.onboarding.rows ?? {}).filter((id) => !ids.includes(id))).toEqual([]);
    });
    it('what was measured', () => {
      const codes = [...found(/said: '([a-z_]+)'|(?:untold|broken|attention)\('((?:probe|gpu_container|seed_container)\w*)'/g), ...BUILT.said, ...found(/why: '([a-z_]+)'/g).map((why) => `why_${why}`)];
      expect(codes.length).toBeGreaterThan(40);
      all([...new Set(codes)].map((one) => `said.${one}`));
      expect(Object.keys(messages.onboarding.said ?? {}).filter((one) => !code.includes(`'${one}'`) && !BUILT.said.includes(one) && !codes.includes(one)), 'said by nobody').toEqual([]);
    });
    it('what to do, what it stops, where the rule is from', () => {
      all([...found(/fix: \{ code: '([a-z_0-9]+)'|(?:broken|attention)\('[a-z_]+', '([a-z_]+)'/g), ...BUILT.fix].map((one) => `fix.${one}`));
      all(['everything', 'operations', 'ml', 'start', 'disk', 'key'].map((one) => `breaks.${one}`));
      all(['guide', 'docs', 'compose', 'measured', 'panel'].map((one) => `ruleSources.${one}`));
    });
    it('evidence of the steps', () => {
      const codes = found(/(?:done|missing|unknown)\('([a-z_]+)'|\? 'missing' : '([a-z_]+)'|'(no_nodes|nodes_broken|grants_expired|grants_missing)'/g).filter((one) => one !== 'missing');
      expect(codes.length).toBeGreaterThan(30);
      all(codes.map((one) => `evidence.${one}`));
      expect(Object.keys(messages.onboarding.evidence ?? {}).filter((one) => !codes.includes(one)), 'said by nobody').toEqual([]);
    });
  });
}
