import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it, test } from 'vitest';
import { adminNodes } from '#lib/mlnodes/schema.ts';
import { addressesOf, isOutside, requestIn } from './outside-check.ts';
import { type VerifyFacts, verifyItems } from './verify-items.ts';

const NOW = Date.parse('2026-11-23T14:00:00Z');
const facts = (more: Partial<VerifyFacts> = {}): VerifyFacts => ({ now: NOW, nodes: { state: 'unknown' }, peering: { state: 'unknown' }, ...more });
const item = (name: string, more: Partial<VerifyFacts>) => verifyItems(facts(more)).find((one) => one.name === name)!;
const nodes = (...states: Record<string, unknown>[]) => ({ state: 'ok' as const, value: adminNodes.parse(states.map((state, i) => ({ node: { id: `node${i + 1}`, node_num: i }, state: { intended_status: 'INFERENCE', admin_state: { enabled: true, epoch: 0 }, ...state } }))) });

describe('ML nodes', () => {
  const saying = (value?: 'healthy' | 'unhealthy', state: 'ok' | 'stale' = 'ok') => new Map([['node1', value ? { state, value } : { state: 'unknown' as const }]]);
  const stopped = nodes({ current_status: 'STOPPED', intended_status: 'INFERENCE' });
  it('enabled and STOPPED until the next PoC is normal (measured 24)', () => expect(item('ml_nodes', { nodes: stopped, saying: saying('healthy') })).toMatchObject({ state: 'done', evidence: { code: 'ml_waiting' } }));
  it('FAILED for want of an epoch model is normal before the first epoch (facts 13, row 1)', () => expect(item('ml_nodes', { nodes: nodes({ current_status: 'FAILED', failure_reason: 'No epoch models available for this node' }), saying: saying('healthy') }).state).toBe('done'));
  it('an ML node that is switched off was one that waits: the api calls both STOPPED (measured 36)', () => {
    expect(item('ml_nodes', { nodes: stopped })).toMatchObject({ state: 'unknown', evidence: { code: 'ml_mute', params: { names: 'node1' } } });
    expect(item('ml_nodes', { nodes: stopped, saying: saying() }).state).toBe('unknown');
    expect(item('ml_nodes', { nodes: stopped, saying: saying('healthy', 'stale') }).state).toBe('unknown');
    expect(item('ml_nodes', { nodes: stopped, saying: saying('unhealthy') })).toMatchObject({ state: 'missing', evidence: { code: 'ml_unwell' } });
    expect(item('ml_nodes', { nodes: nodes({ current_status: 'STOPPED' }, { current_status: 'STOPPED' }), saying: saying('healthy') })).toMatchObject({ state: 'unknown', evidence: { params: { names: 'node2' } } });
  });
  it('FAILED for another reason is not', () => expect(item('ml_nodes', { nodes: nodes({ current_status: 'INFERENCE' }, { current_status: 'FAILED', failure_reason: 'dial tcp: no such host' }) })).toMatchObject({ state: 'missing', evidence: { code: 'ml_failed', params: { names: 'node2', reason: 'dial tcp: no such host' } } }));
  it('all disabled earn nothing', () => expect(item('ml_nodes', { nodes: nodes({ current_status: 'STOPPED', admin_state: { enabled: false, epoch: 7 } }) })).toMatchObject({ state: 'missing', evidence: { code: 'ml_all_disabled' } }));
  it('an api that does not answer, or an old answer, proves nothing', () => {
    expect(item('ml_nodes', {}).state).toBe('unknown');
    expect(item('ml_nodes', { nodes: { ...nodes({ current_status: 'INFERENCE' }), state: 'stale' } }).state).toBe('unknown');
  });
  it('an api without ML nodes is missing them', () => expect(item('ml_nodes', { nodes: nodes() })).toMatchObject({ state: 'missing', evidence: { code: 'ml_none' } }));
  it('some of the silent ML nodes were named as if they were all', () => expect(item('ml_nodes', { nodes: nodes(...Array.from({ length: 5 }, () => ({ current_status: 'UNKNOWN' }))) }).evidence.params).toMatchObject({ names: 'node1, node2, node3, node4, …' }));
  it('one that nobody has heard of yet is unknown', () => expect(item('ml_nodes', { nodes: nodes({ current_status: 'UNKNOWN' }) }).state).toBe('unknown'));
});

describe('the P2P port', () => {
  it('a seed that called us proves it', () => expect(item('p2p', { peering: { state: 'ok', value: { among: true, dialled: true, count: 9 } } }).state).toBe('done'));
  it('our own call was ticked as reachable: it proves nothing', () => expect(item('p2p', { peering: { state: 'ok', value: { among: true, dialled: false, count: 9 } } })).toMatchObject({ state: 'unknown', evidence: { code: 'p2p_called_out' } }));
  it('not among the peers of one seed is no proof of the contrary', () => expect(item('p2p', { peers: { count: 4 }, peering: { state: 'ok', value: { among: false, dialled: false, count: 9 } } }).state).toBe('unknown'));
  it('a number of peers that nobody has read was said to be 0', () => expect(item('p2p', { peering: { state: 'ok', value: { among: false, dialled: false, count: 9 } } }).evidence.params).toMatchObject({ known: 'no' }));
  it('a node without any peer is missing them', () => expect(item('p2p', { peers: { count: 0, at: NOW, source: 'own node' } })).toMatchObject({ state: 'missing', evidence: { code: 'p2p_alone', at: NOW, source: 'own node' } }));
  it('an old answer proves nothing', () => expect(item('p2p', { peering: { state: 'stale', value: { among: true, dialled: true, count: 9 } } }).state).toBe('unknown'));
});

describe('the public address', () => {
  const token = 'a1b2c3d4e5f60718';
  const publicUrl = 'http://203.0.113.7:8000';
  const seen = { at: NOW - 1000, address: '198.51.100.9', status: 200 };
  it('a request from outside proves it, for a day', () => {
    expect(item('outside', { publicUrl, outside: { token, seen } })).toMatchObject({ state: 'done', evidence: { params: { address: '198.51.100.9' } } });
    expect(item('outside', { publicUrl, outside: { token, seen: { ...seen, at: NOW - 25 * 3_600_000 } } }).state).toBe('unknown');
  });
  it('one from the own network does not', () => expect(item('outside', { publicUrl, outside: { token, inside: { at: NOW, address: '172.18.0.1' } } })).toMatchObject({ state: 'unknown', evidence: { code: 'outside_inside' } }));
  it('one that was answered with an error was called not tried yet', () => {
    const refused = { ...seen, status: 502 };
    expect(item('outside', { publicUrl, outside: { token, refused } })).toMatchObject({ state: 'missing', evidence: { code: 'outside_refused', params: { status: 502 } } });
    expect(item('outside', { publicUrl, outside: { token, refused, seen: { ...seen, at: NOW - 3_600_000 } } }).state).toBe('done');
  });
  it('the host’s own request over its public address, as a router behind a NAT shows it, was one from outside', async () => {
    expect(isOutside('203.0.113.7', await addressesOf(publicUrl))).toBe(false);
    expect(isOutside('2001:db8::5', await addressesOf('https://[2001:db8::5]:8443'))).toBe(false);
    expect(await addressesOf('http://localhost:8000')).toContain('127.0.0.1');
    expect(await addressesOf('no url')).toEqual([]);
  });
  it('nothing yet is missing; no proxy is unknown; no PUBLIC_URL is missing', () => {
    expect(item('outside', { publicUrl, outside: { token } }).state).toBe('missing');
    expect(item('outside', { publicUrl }).state).toBe('unknown');
    expect(item('outside', {}).evidence.code).toBe('outside_no_url');
  });

  test.each([
    ['nginx combined (≤ 0.2.7, measured)', `203.0.113.50 - - [23/Nov/2026:14:21:37 +0000] "GET /v1/status?check=${token} HTTP/1.1" 200 197 "-" "curl/8" rt=0.000`, { address: '203.0.113.50', status: 200 }],
    ['with tabs (facts 9)', `[2026-01-01T00:00:00Z]\t203.0.113.50\t[wl]\t[GNKAPI]\t[+]\t"GET /v1/status?check=${token} HTTP/1.1" 200 512 "ref" "ua" rt=0.1`, { address: '203.0.113.50', status: 200 }],
    ['behind a rate limit', `203.0.113.50 - - [x] "GET /v1/status?check=${token} HTTP/1.1" 503 197 "-"`, { address: '203.0.113.50', status: 503 }],
    ['IPv6', `2001:db8::7 - - [x] "GET /v1/status?a=1&check=${token}&b=2 HTTP/1.1" 200 9 "-"`, { address: '2001:db8::7', status: 200 }],
    ['the token as a referrer only', `203.0.113.50 - - [x] "GET / HTTP/1.1" 200 9 "http://h/v1/status?check=${token}"`, undefined],
    ['a longer token', `203.0.113.50 - - [x] "GET /v1/status?check=${token}00 HTTP/1.1" 200 9`, undefined],
    ['an error line of nginx', `2026/11/23 14:21:37 [error] 52#52: client: 203.0.113.50, request: "GET /v1/status?check=${token} HTTP/1.1", host: "h"`, undefined],
  ])('a line of the proxy: %s', (_, line, request) => expect(requestIn(line, token)).toEqual(request));

  test.each([['172.23.0.1', false], ['10.0.0.4', false], ['127.0.0.1', false], ['100.64.3.2', false], ['::1', false], ['fd00::2', false], ['203.0.113.7', false], ['198.51.100.9', true], ['2001:db8::7', true], ['name', false]])('%s is outside: %s', (address, outside) => expect(isOutside(address, ['203.0.113.7'])).toBe(outside));
});

for (const locale of ['en', 'zh'] as const) {
  it(`has words for every line of the checklist (${locale})`, () => {
    const code = readFileSync(path.join(import.meta.dirname, 'verify-items.ts'), 'utf8');
    const codes = [...new Set([...code.matchAll(/'((?:ml|p2p|outside)_[a-z_]+)'/g)].map((match) => match[1] as string))].filter((one) => one !== 'ml_nodes');
    expect(codes.length).toBeGreaterThan(14);
    const t = createTranslator({ locale, messages: JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as never, onError: (error) => { throw error; } });
    for (const one of codes) expect(t(`onboarding.verify.evidence.${one}` as never, { count: 2, names: 'n', reason: 'r', waiting: 1, peers: 3, known: 'yes', address: 'a', status: 502 } as never)).not.toMatch(/^onboarding|[{}]/);
  });
}
