/** The admin API's answers against the recorded ones (marks of `epoch-series.jsonl`, samples of the config). */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createLedger } from '../ledger.ts';
import { Keyring } from '../keyring.ts';
import { RELEASES, type ReleaseName } from '../releases.ts';
import { shapeDifferences } from '../shape.ts';
import { createWorld } from '../world.ts';

const SAMPLES = join(import.meta.dirname, '../../../../shared/gonka/samples');
const PASSWORD = 'pass<word>&1';
const servers: Server[] = [];
const dirs: string[] = [];
afterAll(() => {
  vi.restoreAllMocks();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

async function startAdmin(release: ReleaseName) {
  process.env.STANDIN_DAPI = mkdtempSync(join(tmpdir(), 'standin-dapi-'));
  dirs.push(process.env.STANDIN_DAPI);
  vi.resetModules();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { ApiConfig, nodeConfig } = await import('./api-config.ts');
  const { adminApi } = await import('./api-admin.ts');
  const { MlNodes } = await import('./ml-nodes.ts');
  const { serve } = await import('./http.ts');
  const env = { KEY_NAME: 'gonka-op-key', ACCOUNT_PUBKEY: 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq', KEYRING_PASSWORD: PASSWORD, KEYRING_BACKEND: 'file', DAPI_API__PUBLIC_URL: 'http://203.0.113.7:8000', DAPI_CHAIN_NODE__URL: 'http://node:26657' };
  const config = new ApiConfig(env as unknown as NodeJS.ProcessEnv, RELEASES[release]);
  config.nodes = [nodeConfig({ id: 'node1', host: 'inference', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { 'Qwen/Qwen2.5-7B-Instruct': { args: ['--quantization', 'fp8'] } } })];
  config.current = { seed: 7318034886061728065n, epoch_index: 200, signature: 'ab', claimed: false };
  config.previous = { seed: 2366100090685026331n, epoch_index: 199, signature: 'cd', claimed: true };
  config.saveHeight(936);
  config.save();
  const world = createWorld({ release, epochSeconds: 3600 });
  const ledger = createLedger(world, Date.now());
  const nodes = new MlNodes(RELEASES[release]);
  for (const node of config.nodes) nodes.add(node, 0);
  const link = { view: () => ({ world, ledger, now: Date.now() }), reachable: () => true, report: async () => ({}) };
  const server = await serve(0, adminApi({ config, link, nodes, keyring: new Keyring(process.env.STANDIN_DAPI), key: { name: 'gonka-op-key', address: '', pubKey: '', privateKey: '' } }), '127.0.0.1');
  servers.push(server);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin/v1`;
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${base}${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(1000) });
    return { status: response.status, body: await response.text() };
  };
  return { config, ask };
}

const MODEL = { 'Qwen/Qwen2.5-7B-Instruct': { args: [] as string[] } };
/** What was sent when the marks were recorded. */
const SENT: [string, string, string, unknown?][] = [
  ['A: disable during Inference', 'POST', '/nodes/node1/disable'], ['A: enable during Inference', 'POST', '/nodes/node1/enable'],
  ['D: body with an id only', 'POST', '/nodes', { id: 'bad' }], ['D: string body', 'POST', '/nodes', 'a string'], ['D: delete unknown', 'DELETE', '/nodes/nobody'],
  ['D: duplicate host and port', 'POST', '/nodes', { id: 'node2', host: 'inference', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: MODEL }],
  ['D: model unknown to governance', 'POST', '/nodes', { id: 'node3', host: 'inference', inference_port: 5001, poc_port: 8081, max_concurrent: 500, models: { nothing: { args: [] } } }],
  ['D: host that does not resolve', 'POST', '/nodes', { id: 'node4', host: 'nowhere', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { 'Qwen/Qwen2.5-7B-Instruct': { args: ['--a b'] } } }],
  ['DELETE /nodes/node4', 'DELETE', '/nodes/node4'],
  ['D: PUT', 'PUT', '/nodes/node1', { id: 'node1', host: 'inference', inference_port: 5000, poc_port: 8080, max_concurrent: 400, models: { 'Qwen/Qwen2.5-7B-Instruct': { args: ['--quantization', 'fp8'] } } }],
  ['D: batch with one bad', 'POST', '/nodes/batch', [{ id: 'n5', host: 'a', inference_port: 1, poc_port: 2, max_concurrent: 5, models: MODEL }, { id: 'n6' }]],
  ['GET /nodes/upgrade-status', 'GET', '/nodes/upgrade-status'], ['E: disable an unknown id', 'POST', '/nodes/nobody/disable'],
];

describe.skipIf(!existsSync(SAMPLES)).each(['0.2.4', '0.2.8'] as const)('admin API of %s', (release) => {
  test('answers as recorded', async () => {
    const marks = new Map(readFileSync(join(SAMPLES, `v${release}/epoch-series.jsonl`), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { mark?: string; status: number; body: string }).filter((row) => row.mark).map((row) => [row.mark, row]));
    const { ask } = await startAdmin(release);
    for (const [mark, method, path, body] of SENT) {
      const record = marks.get(mark)!;
      const made = await ask(method, path, body);
      expect([mark, made.status, made.body]).toEqual([mark, record.status, record.body]);
    }
    const recovered = await ask('POST', '/claim-reward/recover', {}).catch(() => undefined);
    if (release === '0.2.4') expect(recovered).toBeUndefined(); // wedged by the unknown id
    else expect(recovered?.body).toBe('{"success":false,"message":"Rewards already claimed for this epoch. Use force_claim=true to override.","epoch_index":199,"seed":2366100090685026331,"missed_validations":0,"already_claimed":true,"claim_executed":false}\n');
  });

  test('configuration: fields as recorded, the password where it was seen', async () => {
    const { config, ask } = await startAdmin(release);
    const answer = await ask('GET', '/config');
    const recorded = JSON.parse(readFileSync(join(SAMPLES, `v${release}/http/active-in-epoch/admin_config.json`), 'utf8'));
    expect(shapeDifferences(recorded, JSON.parse(answer.body))).toEqual([]);
    expect(answer.body).toContain('7318034886061728065');
    const escaped = 'pass\\u003cword\\u003e\\u00261';
    expect(answer.body.includes(escaped)).toBe(release === '0.2.4');
    expect(readFileSync(config.yamlPath, 'utf8')).toContain(`    KeyringPassword: ${PASSWORD}\n`);
    expect(readFileSync(`${config.dir}/config-dump.json`, 'utf8').includes(escaped)).toBe(release === '0.2.4');
    expect(statSync(config.yamlPath).mode & 0o777).toBe(0o644);
    expect(config.goStruct()).toContain(`KeyringPassword:${PASSWORD}} UpcomingSeed:{Seed:`);
    const { finalConfig } = await import('./api-lines.ts');
    expect(finalConfig(config).includes(escaped)).toBe(release === '0.2.4');
  });
});

test('YAML writes a value as go-yaml does', async () => {
  const { toYaml } = await import('./api-config.ts');
  expect(toYaml({ b: '', a: { c: 'x: y', d: '12', e: "it's", f: '#x', g: 'plain$1', h: [], i: {} } }))
    .toBe("a:\n    c: 'x: y'\n    d: \"12\"\n    e: it's\n    f: '#x'\n    g: plain$1\n    h: []\n    i: {}\nb: \"\"\n");
});
