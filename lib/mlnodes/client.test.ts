/** Against real HTTP servers; the recorded answers of the real programs first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { adminNodes, mlNodeGpus } from './client.ts';

const SAMPLES = join(import.meta.dirname, '../../../shared/gonka/samples');
const recordings = existsSync(SAMPLES)
  ? ['v0.2.4', 'v0.2.8'].flatMap((release) => readdirSync(join(SAMPLES, release, 'http'), { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => [release, name] as const))
  : [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  })));
});

async function serve(listener: RequestListener | string): Promise<{ url: string; host: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (typeof listener === 'string') response.end(listener);
    else listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, seen };
}

describe.skipIf(recordings.length === 0)('recorded answers', () => {
  it.each(recordings)('%s %s', async (release, moment) => {
    const { url, seen } = await serve(readFileSync(join(SAMPLES, release, 'http', moment, 'admin_nodes.json'), 'utf8'));
    const { value, error } = await adminNodes(`${url}/`);
    expect(error).toBeUndefined();
    expect(seen).toEqual(['GET /admin/v1/nodes']);
    const [node] = value ?? [];
    expect(value).toHaveLength(1);
    expect(node).toMatchObject({ id: 'node1', host: 'inference', inferencePort: 5000, pocPort: 8080, nodeNum: 1, hardware: [] });
    expect(node?.models[0]?.id).toBe('Qwen/Qwen2.5-7B-Instruct');
    expect(node?.models[0]?.args.slice(0, 2)).toEqual(['--quantization', 'fp8']);
    expect(['INFERENCE', 'POC', 'STOPPED', 'UNKNOWN', 'FAILED']).toContain(node?.state.current);
    expect(node?.state.admin?.enabled).toBe(!moment.startsWith('disabled'));
    if (Object.keys(node?.state.epochModels ?? {}).length > 0) expect(node?.state.epochModels['Qwen/Qwen2.5-7B-Instruct']).toEqual({ args: ['--quantization', 'fp8'], vramGb: 24 });
  });
});

describe('the api’s list', () => {
  const node = (over: object, state: object = {}) => ({ node: { id: 'n', host: 'h', inference_port: 5000, poc_port: 8080, models: {}, max_concurrent: 1, ...over }, state: { intended_status: 'INFERENCE', current_status: 'INFERENCE', ...state } });
  const given = async (body: unknown) => (await adminNodes((await serve(JSON.stringify(body))).url)).value;

  it('is sorted by number, then id', async () => {
    expect((await given([node({ id: 'c', node_num: 2 }), node({ id: 'b', node_num: 1 }), node({ id: 'z' }), node({ id: 'a', node_num: 1 })]))?.map(({ id }) => id)).toEqual(['z', 'a', 'b', 'c']);
  });
  it('null and [] are no nodes', async () => {
    expect(await given(null)).toEqual([]);
    expect(await given([])).toEqual([]);
  });
  it('takes what Go leaves out, statuses as numbers, unknown statuses, null everywhere', async () => {
    const [one] = (await given([{ node: { id: 'n', models: { m: null, k: { args: null } }, hardware: null }, state: { intended_status: 2, current_status: 'NEW', reconcile_info: { status: 1 }, status_timestamp: '0001-01-01T00:00:00Z', epoch_models: null } }])) ?? [];
    expect(one).toMatchObject({ host: '', inferencePort: 0, maxConcurrent: 0, models: [{ id: 'k', args: [] }, { id: 'm', args: [] }], hardware: [], state: { intended: 'POC', current: 'UNKNOWN', changing: true, epochModels: {}, duty: {} } });
    expect(one?.state).not.toHaveProperty('since');
    expect(one?.state).not.toHaveProperty('admin');
  });
  it('a token of a node and what else is not asked for stays outside; a password in a failure is masked', async () => {
    const got = await given([node({ base_url: 'http://x', auth_token: 'sentinel-token' }, { failure_reason: 'Post "http://u:sentinel-pass@h/x": KEYRING_PASSWORD=sentinel-word\u202e' })]);
    expect(JSON.stringify(got)).not.toContain('sentinel');
    expect(got?.[0]?.baseUrl).toBe('http://x');
  });
});

describe('no answer is unknown, with words', () => {
  it.each<[string, RequestListener, string, object]>([
    ['a web page', (_, response) => response.end('<html>'), 'mlnodes_malformed', {}],
    ['another shape', (_, response) => response.end('{"nodes":[]}'), 'mlnodes_malformed', {}],
    ['a node without an id', (_, response) => response.end('[{"node":{},"state":{}}]'), 'mlnodes_malformed', {}],
    ['404', (_, response) => response.writeHead(404).end('{"error":"sentinel"}'), 'mlnodes_status', { status: 404 }],
    ['500', (_, response) => response.writeHead(500).end('sentinel'), 'mlnodes_status', { status: 500 }],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(), 'mlnodes_status', { status: 302 }],
    ['compressed', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('[]')), 'mlnodes_malformed', {}],
    ['cut off', (_, response) => { response.writeHead(200, { 'content-length': 100 }); response.write('['); setTimeout(() => response.destroy(), 20); }, 'mlnodes_down', { why: 'ECONNRESET' }],
    ['too much', (_, response) => { response.end(`["${'x'.repeat(5_000)}"]`); }, 'mlnodes_too_large', {}],
    ['slow', () => undefined, 'mlnodes_slow', { seconds: 0 }],
    ['a body that never ends', (_, response) => { response.writeHead(200); response.write('['); }, 'mlnodes_slow', { seconds: 0 }],
  ])('%s', async (_, listener, code, params) => {
    const { url, host } = await serve(listener);
    const started = performance.now();
    expect(await adminNodes(url, { timeoutMs: 300, maxBytes: 4_000 })).toEqual({ error: { code, params: { host, ...params } } });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
  it('nobody listens', async () => {
    const { url, host } = await serve('');
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    expect(await adminNodes(url)).toEqual({ error: { code: 'mlnodes_down', params: { host, why: 'ECONNREFUSED' } } });
  });
  it.each(['http://http://10.0.0.21:8080', 'not a url', 'ftp://h', 'http://user:pass@h', 'http://169.254.169.254', 'http://0.0.0.0:1', 'http://2852039166/', 'http://[fe80::1]'])('%s is not asked', async (url) => {
    const { error } = await adminNodes(url);
    expect(['mlnodes_url_refused', 'mlnodes_down']).toContain(error?.code);
    if (url !== 'http://http://10.0.0.21:8080') expect(error?.code).toBe('mlnodes_url_refused');
    expect(JSON.stringify(error)).not.toContain('pass');
  });
});

describe('cards of an ML node (facts 10.1)', () => {
  const device = { index: 0, name: 'NVIDIA A100-SXM4-40GB', total_memory_mb: 40960, free_memory_mb: 35000, used_memory_mb: 5960, utilization_percent: 45, temperature_c: 52, is_available: true, error_message: null };
  it('in order, with a broken one told apart', async () => {
    const { url, seen } = await serve(JSON.stringify({ devices: [{ ...device, index: 1, is_available: false, error_message: 'GPU is lost', total_memory_mb: null, used_memory_mb: null }, device], count: 2 }));
    expect((await mlNodeGpus(`${url}/v3.0.8/`)).value).toEqual([
      { index: 0, name: 'NVIDIA A100-SXM4-40GB', totalMiB: 40960, usedMiB: 5960, state: 'ok' },
      { index: 1, name: 'NVIDIA A100-SXM4-40GB', state: 'broken' },
    ]);
    expect(seen).toEqual(['GET /v3.0.8/api/v1/gpu/devices']);
  });
  it('none, and a release that can not say', async () => {
    expect((await mlNodeGpus((await serve('{"devices":[],"count":0}')).url)).value).toEqual([]);
    const { url, host } = await serve((_, response) => response.writeHead(404).end('{"detail":"Not Found"}'));
    expect(await mlNodeGpus(url)).toEqual({ error: { code: 'mlnodes_status', params: { host, status: 404 } } });
  });
});
