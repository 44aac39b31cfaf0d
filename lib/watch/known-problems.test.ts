/** Recorded lines first; lines that no recording has are upstream's own texts (facts 9, 13). */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it, test } from 'vitest';
import { KNOWN_PROBLEMS, knownProblems } from './known-problems.ts';
import type { ServiceRole } from './service-health.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../shared/gonka/samples');
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;
const recorded = (name: string) => readFileSync(path.join(SAMPLES, name), 'utf8').replace(ESCAPES, '').split('\n').map((line, at) => ({ at, line }));

/** Row of facts 13 → the line that gives it away. */
const TABLE: [row: string, role: ServiceRole, line: string, code: string, params?: Record<string, string>][] = [
  ['1', 'api', '2025/08/28 08:37:08 ERROR No epoch models available for this node subsystem=Nodes node_id=node1', 'no_epoch_models'],
  ['2', 'node', 'Environment variable SEED_NODE_RPC_URL is required', 'variable_missing', { variable: 'SEED_NODE_RPC_URL' }],
  ['5', 'node', `8:35AM ERR Couldn't connect to any seeds module=pex`, 'seeds_unreachable'],
  ['5', 'node', 'error looking up host (node9.example): lookup node9.example: no such host', 'host_unresolved', { host: 'node9.example' }],
  ['7', 'node', '8:35AM ERR error in proxyAppConn.FinalizeBlock err="no validator signing info found" module=state', 'no_signing_info'],
  ['8', 'node', '8:35AM ERR CONSENSUS FAILURE!!! err="…" module=consensus', 'consensus_failure'],
  ['8', 'node', '8:35AM ERR UPGRADE "v0.2.5" NEEDED at height: 1000: ', 'upgrade_needed', { name: 'v0.2.5' }],
  ['9', 'node', 'panic: write /root/.inference/data/x: no space left on device', 'disk_full'],
  ['13', 'api', `Warm key 'gonka-op-key' not found in keyring`, 'ml_key_missing', { name: 'gonka-op-key' }],
  ['20', 'api', '2026/11/23 13:40:43 Initializing cosmos Client.NodeUrl = http://node:26657. KeyringBackend = test. KeyringDir = /root/.inference', 'wrong_backend'],
  ['24', 'api', `failure_reason="Post \\"http://inference:8080/v3.0.8/api/v1/pow/init/validate\\": dial tcp: lookup inference on 127.0.0.11:53: no such host"`.replaceAll('\\"', '"'), 'ml_refused', { host: 'inference:8080' }],
  ['25', 'api', 'node node2: duplicate inference host+port combination inference:5000', 'duplicate_host_port'],
  ['28', 'mlnode', 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'cuda_out_of_memory'],
  ['28', 'mlnode', 'RuntimeError: vLLM process exited prematurely', 'vllm_exits'],
  ['29', 'mlnode', 'huggingface_hub.errors.LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder', 'model_not_found'],
  ['50', 'node', 'Caught SIGILL in blst_cgo_init, consult <blst>/bindings/go/README.md.', 'illegal_instruction'],
  ['55', 'proxy', 'nginx: [emerg] cannot load certificate "/etc/nginx/ssl/cert.pem": BIO_new_file() failed', 'certificate_missing'],
  ['56', 'api', '2025/08/28 08:37:08 FATAL error loading node config: invalid character', 'node_config_broken'],
];

test.each(TABLE)('facts 13, row %s: %s says "%s" → %s', (row, role, line, code, params = {}) => {
  expect(knownProblems(role, [{ at: 7, line }])).toContainEqual({ code, params, line, at: 7, harmless: code === 'no_epoch_models' });
  expect(KNOWN_PROBLEMS.find((one) => one.code === code)?.row).toBe(row);
});

test('every problem has a line in this table or in a recording', () => {
  const shown = new Set([...TABLE.map(([, , , code]) => code), 'signer_absent', 'wrong_password', 'node_unreachable', 'signer_cut_off']);
  expect(KNOWN_PROBLEMS.map(({ code }) => code).filter((code) => !shown.has(code))).toEqual([]);
});

describe('the recordings of the real programs', () => {
  it('are there', () => expect(existsSync(SAMPLES)).toBe(true));
  test.each<[string, ServiceRole, string]>([
    ['v0.2.4/logs/api-wrong-password.log', 'api', 'wrong_password'],
    ['v0.2.4/logs/api-missing-key.log', 'api', 'ml_key_missing'],
    ['v0.2.4/logs/node-tmkms-stopped.log', 'node', 'signer_absent'],
    ['v0.2.4/logs/api-node-stopped.log', 'api', 'node_unreachable'],
    ['v0.2.4/logs/tmkms-node-stopped.log', 'tmkms', 'signer_cut_off'],
  ])('%s names %s', (name, role, code) => expect(knownProblems(role, recorded(name))[0]?.code).toBe(code));
  test.each<[string, ServiceRole]>([
    ['v0.2.4/logs/api-start.log', 'api'], ['v0.2.8/logs/api-start.log', 'api'], ['v0.2.4/logs/api-one-epoch.log', 'api'], ['v0.2.4/logs/node-one-epoch.log', 'node'],
    ['v0.2.8/logs/node-one-epoch.log', 'node'], ['v0.2.8/logs/proxy-start.log', 'proxy'], ['v0.2.4/logs/node-tmkms-stopped-and-back.log', 'node'], ['v0.2.4/logs/tmkms-one-epoch.log', 'tmkms'], ['v0.2.4/logs/tmkms-first-start.log', 'tmkms'], ['v0.2.4/logs/tmkms-restart.log', 'tmkms'], ['v0.2.8/logs/tmkms-one-epoch.log', 'tmkms'],
  ])('%s is a healthy log: nothing is called a failure', (name, role) => expect(knownProblems(role, recorded(name)).filter(({ harmless }) => !harmless)).toEqual([]));
  test.each(['v0.2.4', 'v0.2.8'])('%s: every first start was said to lack a variable that it had', (release) => {
    const lines = recorded(`${release}/logs/node-first-start.log`);
    expect(lines.some(({ line }) => line.includes('Environment variable KEY_NAME is required'))).toBe(true);
    expect(knownProblems('node', lines).filter(({ code }) => code === 'variable_missing')).toEqual([]);
  });
});

for (const locale of ['en', 'zh'] as const) {
  it(`has words for every problem (${locale})`, () => {
    const messages = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as never;
    const t = createTranslator({ locale, messages, onError: (error) => { throw error; } });
    for (const { code } of KNOWN_PROBLEMS) for (const part of ['what', 'next']) expect(t(`onboarding.problems.${code}.${part}` as never, { variable: 'V', host: 'h', name: 'n' } as never)).not.toMatch(/^onboarding|[{}]/);
  });
}
