import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { EXIT_STAGES } from '#lib/operations/exit/schema.ts';
import type { ExitReport } from '#lib/operations/exit/report.ts';
import { exitReportText } from './exit-report-text.ts';
import { exitWords } from './exit-words.ts';

const root = path.resolve(import.meta.dirname, '../..');
const sources = readdirSync(path.join(root, 'lib/operations/exit')).filter((name) => !name.includes('test')).map((name) => readFileSync(path.join(root, 'lib/operations/exit', name), 'utf8')).join('\n');
const all = (pattern: RegExp) => [...new Set([...sources.matchAll(pattern)].map((match) => match[1] as string))].sort();

/** What the exit says in data, found in its sources: a new code fails here until it has words. */
const waits = [...all(/\bwait\('(\w+)'/g), ...all(/until\(clock, '(\w+)'/g), 'duty', 'still_in', 'claim', 'claim_unknown', 'answer_node_enabled', 'answer_node_added'];
const events = [...all(/\bsay\('(\w+)'/g), ...all(/\bevent\([\w.{} ,]+, '([a-z]\w+)'/g), 'claim_claimed', 'claim_nothing', 'claim_over', 'node_enabled', 'node_added', 'reason'];
const unknown = [...all(/\bunknown\('(\w+)'/g), ...[...readFileSync(path.join(root, 'lib/operations/exit/sight.ts'), 'utf8').matchAll(/code: '(\w+)'/g)].map((match) => match[1] as string)];
const PARAMS = { address: 'gonka1me', nodes: 'node1', node: 'node1', epoch: 57, block: 890_000, height: 890_000, now: 890_001, reward: '41900123456789', phase: 'Inference', weight: 40, have: 56, want: 57, count: 2, rows: 3, addresses: 4, chain: 'x', by: 'ann', user: 'ann', reason: 'r', containers: 'api', services: 'api', detail: 'x' };

const at = Date.parse('2026-11-28T08:00:00Z');
const report: ExitReport = {
  product: 'gonka-panel', operation: '22222222-2222-4222-8222-222222222222', kind: 'safe-exit', scope: { scope: 'host' }, state: 'succeeded', startedBy: 'ann', startedAt: '2026-11-28T07:00:00Z', endedAt: '2026-11-28T09:00:00Z',
  began: { epoch: 56, latestEpoch: 56, phase: 'Inference', block: 888_000, chain: 'gonka-mainnet', account: 'gonka1abc', consensusKeys: ['A='] }, nodes: [{ id: 'node1', disabledAt: '2026-11-28T08:00:00Z', countsFromEpoch: 56, forgottenByApi: 1 }], draws: [{ epoch: 57, nodes: ['node1'] }],
  claim: { epoch: 57, state: 'claimed', reward: '41900123456789' }, proof: { epoch: 58, block: 890_000, at: '2026-11-28T08:50:00Z', witnesses: [{ kind: 'participants', place: 'node2', says: 'out', epoch: 58, height: 890_000, at, weight: 0, others: 213 }] },
  stoppedAt: '2026-11-28T08:55:00Z', back: { epoch: 60, weight: 40, at, source: 'node2' }, events: [{ at: '2026-11-28T08:01:00Z', block: 889_000, code: 'drawn', params: { epoch: 57, nodes: 'node1' } }],
  steps: [{ name: 'exit-note', state: 'done', startedAt: '2026-11-28T07:00:01Z', evidence: { code: 'exit_duty', params: { epoch: 57, draws: 1 } } }],
};

for (const locale of ['en', 'zh'] as const) {
  const messages = JSON.parse(readFileSync(path.join(root, `messages/${locale}.json`), 'utf8')) as { exit: Record<string, Record<string, string>> };
  const translate = (group: string) => createTranslator({ locale, namespace: group as never, messages: messages as never, onError: (error) => { throw error; } }) as unknown as ((key: string, params?: object) => string) & { has: (key: string) => boolean };
  const t = translate('exit');
  const number = (value: number) => value.toLocaleString('en');
  const exit = exitWords({ say: (key, params) => (t.has(key) ? t(key, params) : undefined), error: ({ code }) => code, number, locale });

  describe(locale, () => {
    it('has words for everything that the exit says, without a mistake of form', () => {
      expect(waits.length).toBeGreaterThan(12);
      expect(events.length).toBeGreaterThan(8);
      expect(unknown.length).toBeGreaterThan(12);
      const missing = [...waits.map((code) => `waits.${code}`), ...events.map((code) => `events.${code}`), ...unknown.map((code) => `unknown.${code}`), ...EXIT_STAGES.map((stage) => `stage.${stage}`)].filter((key) => !t.has(key));
      expect(missing).toEqual([]);
      for (const group of ['waits', 'events', 'unknown'] as const) for (const code of Object.keys(messages.exit[group] ?? {})) expect(t(`${group}.${code}`, PARAMS)).not.toMatch(/\{|^exit\./);
    });
    it('groups blocks, cuts rewards, and shows an unknown code instead of failing', () => {
      expect(exit.waits({ code: 'set', params: {}, epoch: 57, block: 890_000 })).toContain('890,000');
      expect(exit.event({ code: 'claim_claimed', params: { epoch: 57, reward: '41900123456789' } })).toContain('41,900.1234 GNK');
      expect(exit.event({ code: 'of_a_later_release', params: {} })).toBe('of_a_later_release');
    });
    it('writes a report with state, proof, draws, reward, events and steps', () => {
      const say = (group: string) => (key: string, params?: object) => translate(group)(key, params);
      const text = exitReportText(report, { say: say('exit'), exit, step: (name) => say('operations.steps')(name), evidence: ({ code, params }) => say('operations.evidence')(code, params), number });
      for (const known of ['2026-11-28T07:00:00Z', 'gonka1abc', 'node2', '890,000', 'node1', '41,900.1234 GNK', '889,000', report.operation]) expect(text).toContain(known);
      expect(text).not.toMatch(/exit\.|operations\.|undefined|\{/);
    });
  });
}

