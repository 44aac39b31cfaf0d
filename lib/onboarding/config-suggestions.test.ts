import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, test } from 'vitest';
import { configSuggestions, type SuggestionFacts } from './config-suggestions.ts';

const TEMPLATE = { API_PORT: '8000', API_SSL_PORT: '8443', PORT: '8080', INFERENCE_PORT: '5050', HF_HOME: '/mnt/shared', SEED_API_URL: 'http://node2.gonka.ai:8000', SEED_NODE_RPC_URL: 'http://node2.gonka.ai:26657', SEED_NODE_P2P_URL: 'tcp://node2.gonka.ai:5000', RPC_SERVER_URL_1: 'http://node1.gonka.ai:26657', RPC_SERVER_URL_2: 'http://node2.gonka.ai:26657' };
const facts = (more: Partial<SuggestionFacts> = {}): SuggestionFacts => ({ hostName: 'GPU_1.example.org', addresses: { public: [] }, heard: [], ownPorts: [], roomy: [{ root: '/data', freeBytes: 3e12 }, { root: '/root', freeBytes: 1e11 }], keys: [], values: TEMPLATE, ...more });
const on = (port: number, process?: string) => ({ protocol: 'tcp' as const, address: '0.0.0.0', port, ...(process ? { process } : {}) });

test('a bare server', () => {
  const found = configSuggestions(facts());
  expect(found.KEY_NAME).toMatchObject({ value: 'gonka-gpu-1', code: 'key_host' });
  expect(found.API_PORT).toMatchObject({ value: '8000', code: 'port_free' });
  expect(found.HF_HOME).toMatchObject({ value: '/data/hf-cache', params: { free: 3000, disks: 2 } });
  expect(found.PUBLIC_URL).toBeUndefined();
  expect(found.PORT).toBeUndefined();
});

test('a key that is there gives its name; of two, none is guessed', () => {
  expect(configSuggestions(facts({ keys: ['node-702105'] })).KEY_NAME).toMatchObject({ value: 'node-702105', code: 'key_there' });
  expect(configSuggestions(facts({ keys: ['a', 'b'] })).KEY_NAME).toMatchObject({ code: 'key_host' });
  expect(configSuggestions(facts({ hostName: '主机' })).KEY_NAME).toMatchObject({ value: 'gonka-node' });
});

test('with Docker down, the port that docker-proxy holds for this very deployment was called taken, and another one proposed', () => {
  const found = configSuggestions(facts({ heard: [on(8000, 'docker-proxy'), on(8080, 'docker-proxy'), on(5050, 'docker-proxy')], ownPorts: undefined }));
  expect(found.API_PORT).toMatchObject({ value: '8000', code: 'port_usual' });
  expect([found.PORT, found.INFERENCE_PORT]).toEqual([undefined, undefined]);
});

test('ports: taken by another program, by this deployment itself, and not to be seen', () => {
  expect(configSuggestions(facts({ heard: [on(8000, 'nginx'), on(8001)] })).API_PORT).toMatchObject({ value: '8002', code: 'port_taken', params: { taken: '8000', process: 'nginx' } });
  expect(configSuggestions(facts({ heard: [on(8000, 'docker-proxy')], ownPorts: [8000] })).API_PORT).toMatchObject({ value: '8000', code: 'port_free' });
  expect(configSuggestions(facts({ heard: undefined })).API_PORT).toMatchObject({ value: '8000', code: 'port_usual' });
  expect(configSuggestions(facts({ heard: [on(8080, 'java'), on(5050)] }))).toMatchObject({ PORT: { value: '8081' }, INFERENCE_PORT: { value: '5051', params: { process: 'unknown' } } });
  // 8000 and what lies above it up to the port of ML inference: that one isn't proposed twice.
  expect(configSuggestions(facts({ heard: Array.from({ length: 80 }, (_, i) => on(8000 + i)) })).API_PORT?.value).toBe('8081');
});

test('a public address makes both addresses, with the port that is free', () => {
  const addresses = { public: [{ address: '36.189.234.237', card: 'eth0' }] };
  expect(configSuggestions(facts({ addresses, heard: [on(8000)] }))).toMatchObject({ PUBLIC_URL: { value: 'http://36.189.234.237:8001' }, P2P_EXTERNAL_ADDRESS: { value: 'tcp://36.189.234.237:5000' } });
});

test("26657 of the old templates is overtaken; where the panel has seeds of its own, those are the file's too", () => {
  expect(configSuggestions(facts())).toMatchObject({ SEED_NODE_RPC_URL: { value: 'http://node2.gonka.ai:8000/chain-rpc/', code: 'rpc_moved' }, RPC_SERVER_URL_1: { value: 'http://node1.gonka.ai:8000/chain-rpc/' } });
  expect(configSuggestions(facts({ values: { ...TEMPLATE, SEED_NODE_RPC_URL: 'http://node2.gonka.ai:8000/chain-rpc/' } })).SEED_NODE_RPC_URL).toBeUndefined();
  expect(configSuggestions(facts({ seeds: ['http://10.0.0.9:4100'] }))).toMatchObject({ SEED_API_URL: { value: 'http://10.0.0.9:4100' }, SEED_NODE_RPC_URL: { value: 'http://10.0.0.9:4100/chain-rpc/' }, SEED_NODE_P2P_URL: { value: 'tcp://10.0.0.9:5000' }, RPC_SERVER_URL_1: { value: 'http://10.0.0.9:4100/chain-rpc/' } });
});

describe.each(['en', 'zh'])('%s', (locale) => {
  test('every reason has its words', () => {
    const code = readFileSync(path.join(import.meta.dirname, 'config-suggestions.ts'), 'utf8');
    const codes = [...new Set([...code.matchAll(/code: '(\w+)'|, '(seed_panel|rpc_moved)'/g)].map(([, a, b]) => (a ?? b) as string))];
    expect(codes.length).toBe(10);
    const messages = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as { configStep: { reasons: Record<string, string> } };
    const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
    for (const one of codes) expect(t(`configStep.reasons.${one}` as never, { name: 'k', host: 'h', port: '8000', taken: '8000', process: 'nginx', address: 'a', card: 'eth0', root: '/d', free: 3, disks: 2, url: 'u' } as never)).not.toMatch(/[{}]|^configStep/);
    expect(Object.keys(messages.configStep.reasons).filter((one) => !codes.includes(one))).toEqual([]);
  });
});
