import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it, test } from 'vitest';
import type { ServiceHealth, ServiceRole } from '#lib/watch/service-health.ts';
import { type HostFacts, serviceReadiness, type ServiceFacts } from './service-readiness.ts';

const NOW = 10_000_000;
const engine = { at: NOW, source: 'Docker 28' };
const host = (more: Partial<HostFacts> = {}): HostFacts => ({ now: NOW, engine, node: { state: 'unknown' }, api: { state: 'unknown' }, ...more });
const service = (role: ServiceRole, health: ServiceHealth, more: Partial<ServiceFacts> = {}): ServiceFacts => ({ name: role, role, health, restarts: 0, startedAt: NOW - 10_000, problems: [], ...more });
const wrong = { code: 'wrong_password', params: {}, harmless: false, line: 'incorrect passphrase', at: NOW };
const benign = { code: 'no_epoch_models', params: {}, harmless: true, line: 'No epoch models', at: NOW };
const memory = { code: 'cuda_out_of_memory', params: {}, harmless: false, line: 'CUDA out of memory', at: NOW };
const well = { state: 'ok' as const, value: 'healthy' as const, at: NOW, source: 'ml-node' };
const nodeOk = { node: { state: 'ok' as const, value: { height: 7, synced: true }, at: NOW, source: 'own node' } };

describe('a service that runs is not yet one that works', () => {
  it('an api with a wrong password stays up with closed ports (measured 34)', () => {
    expect(serviceReadiness(service('api', 'running', { problems: [wrong] }), host())).toMatchObject({ state: 'broken', evidence: { code: 'api_silent' }, problem: wrong });
  });
  it('an api that answers is ready, whatever its log says', () => expect(serviceReadiness(service('api', 'running', { problems: [wrong] }), host({ api: { state: 'ok', value: true, at: 5, source: 'own node' } }))).toMatchObject({ state: 'ready', evidence: { at: 5 } }));
  it('an api whose container is older than the account in config.env answered, and was called ready', () => {
    const answers = { api: { state: 'ok' as const, value: true as const, at: 5, source: 'own node' } };
    expect(serviceReadiness(service('api', 'running'), host({ ...answers, accounts: { api: 'gonka1old', ours: 'gonka1new' } }))).toMatchObject({ state: 'broken', evidence: { code: 'other_account', params: { api: 'gonka1old', ours: 'gonka1new' } } });
    expect(serviceReadiness(service('api', 'running'), host({ ...answers, accounts: { api: 'gonka1new', ours: 'gonka1new' } })).state).toBe('ready');
  });
  it('an api that is silent for minutes and says nothing is unknown', () => {
    expect(serviceReadiness(service('api', 'running'), host()).state).toBe('starting');
    expect(serviceReadiness(service('api', 'running', { startedAt: NOW - 4 * 60_000 }), host()).state).toBe('unknown');
  });
  it('a node that catches up is starting', () => expect(serviceReadiness(service('node', 'running'), host({ node: { state: 'ok', value: { height: 3, synced: false } } }))).toMatchObject({ state: 'starting', evidence: { code: 'syncing', params: { height: 3 } } }));
  it('a node whose last answer is old is not ready', () => expect(serviceReadiness(service('node', 'running'), host({ node: { state: 'stale', value: { height: 3, synced: true } } })).state).toBe('starting'));
  it('tmkms is ready when the node answers: its RPC waits for the signer', () => {
    expect(serviceReadiness(service('tmkms', 'running'), host()).state).toBe('starting');
    expect(serviceReadiness(service('tmkms', 'running'), host(nodeOk)).state).toBe('ready');
  });
  it('a tmkms that lost its node stayed ready, because the node answers without it (measured 35)', () => {
    const cut = { code: 'signer_cut_off', params: {}, harmless: false, line: 'ERROR tmkms::client: I/O error', at: NOW };
    expect(serviceReadiness(service('tmkms', 'running', { problems: [cut] }), host(nodeOk))).toMatchObject({ state: 'broken', evidence: { code: 'signer_cut' }, problem: cut });
    // Before the node is up the same line is harmless (measured 32).
    expect(serviceReadiness(service('tmkms', 'running', { problems: [cut] }), host()).state).toBe('starting');
    expect(serviceReadiness(service('tmkms', 'running', { startedAt: NOW - 4 * 60_000 }), host()).state).toBe('unknown');
  });
  it('what is normal before the first epoch is no failure', () => expect(serviceReadiness(service('mlnode', 'running', { problems: [benign], said: well }), host()).state).toBe('ready'));
  it('an ML node was ready because its container runs', () => {
    expect(serviceReadiness(service('mlnode', 'running'), host()).state).toBe('starting');
    expect(serviceReadiness(service('mlnode', 'running', { startedAt: NOW - 4 * 60_000, said: { ...well, state: 'stale' } }), host()).state).toBe('unknown');
    expect(serviceReadiness(service('mlnode', 'running', { said: { state: 'ok', value: 'unhealthy' } }), host()).state).toBe('broken');
    expect(serviceReadiness(service('mlnode', 'running', { problems: [memory] }), host())).toMatchObject({ state: 'broken', problem: memory });
  });
  it('a service without a health check was ready because its container runs', () => {
    expect(serviceReadiness(service('inference', 'running'), host(nodeOk)).state).toBe('runs');
    expect(serviceReadiness(service('proxy', 'running', { problems: [memory] }), host(nodeOk)).state).toBe('broken');
  });
});

it('a proxy whose port somebody else has stood there as stopped, without the reason', () => {
  const refused = 'driver failed programming external connectivity on endpoint proxy: listen tcp4 0.0.0.0:8000: bind: address already in use';
  for (const health of ['stopped', 'failed'] as const) expect(serviceReadiness(service('proxy', health, { refused }), host(nodeOk))).toMatchObject({ state: 'broken', evidence: { code: 'cannot_start', params: { detail: refused } } });
  // Of a start that is long over.
  expect(serviceReadiness(service('proxy', 'running', { refused, checked: true }), host(nodeOk)).state).toBe('ready');
});

const STATES: [ServiceHealth, string][] = [['absent', 'absent'], ['stopped', 'absent'], ['paused', 'absent'], ['failed', 'broken'], ['crash-looping', 'broken'], ['unhealthy', 'broken'], ['starting', 'starting'], ['running', 'ready']];
test.each(STATES)('a proxy that is %s: %s', (health, state) => expect(serviceReadiness(service('proxy', health, { checked: health === 'running' }), host(nodeOk)).state).toBe(state));
test.each(STATES.filter(([, state]) => state !== 'ready' && state !== 'starting'))('a node that is %s is never ready, even while its last answer is young', (health) => expect(serviceReadiness(service('node', health), host(nodeOk)).state).not.toBe('ready'));

for (const locale of ['en', 'zh'] as const) {
  it(`has words for all evidence (${locale})`, () => {
    const code = readFileSync(path.join(import.meta.dirname, 'service-readiness.ts'), 'utf8');
    const codes = [...new Set([...[...code.matchAll(/by\('([a-z_]+)'/g), ...code.matchAll(/code: '([a-z_]+)'/g)].map((match) => match[1] as string), 'failed', 'stopped', 'paused'])];
    expect(codes.length).toBeGreaterThan(12);
    const t = createTranslator({ locale, messages: JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as never, onError: (error) => { throw error; } });
    for (const one of codes) expect(t(`onboarding.launch.evidence.${one}` as never, { api: 'a', ours: 'b', restarts: 3, exit: 1, height: 5, detail: 'd' } as never)).not.toMatch(/^onboarding|[{}]/);
  });
}
