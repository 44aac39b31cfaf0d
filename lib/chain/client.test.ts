/** The gateway against real HTTP servers, with time moved by hand. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { allowedAddress } from '#lib/core/askable-url.ts';
import { budgetKey, checkedUrl } from './address-rules.ts';
import { ChainGateway, endpoint, REQUESTS_PER_MINUTE } from './client.ts';

let now = 1_800_000_000_000;
const servers: Server[] = [];

beforeEach(() => {
  now = 1_800_000_000_000;
  vi.spyOn(clock, 'now').mockImplementation(() => now);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  })));
});

async function serve(listener: RequestListener): Promise<{ url: string; seen: { path: string; at: number }[] }> {
  const seen: { path: string; at: number }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', at: now });
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const fine: RequestListener = (_, response) => response.end('{"ok":1}');
const read = (status: number, json: unknown) => (status === 200 ? (json as { ok: number }) : undefined);
const often = { read, maxAgeMs: 1_000 };

describe('a polite guest', () => {
  test('50 callers over ten simulated minutes: never more than 6 requests in any 60 seconds', async () => {
    const { url, seen } = await serve(fine);
    const gateway = new ChainGateway();
    for (let second = 0; second < 600; second += 5) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => gateway.get(`${url}/v1/thing${i % 9}`, often)));
      now += 5_000;
    }
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.length).toBeLessThanOrEqual(60);
    for (const { at } of seen) expect(seen.filter((other) => other.at > at - 60_000 && other.at <= at).length).toBeLessThanOrEqual(REQUESTS_PER_MINUTE);
  });

  test('callers of one URL share one flight and its answer', async () => {
    const { url, seen } = await serve((_, response) => setTimeout(() => response.end('{"ok":1}'), 50));
    const gateway = new ChainGateway();
    const all = await Promise.all(Array.from({ length: 50 }, () => gateway.get(`${url}/x`, often)));
    expect(seen.length).toBe(1);
    expect(all.every(({ value, at }) => value?.ok === 1 && at === now)).toBe(true);
    now += 500;
    await gateway.get(`${url}/x`, often);
    expect(seen.length).toBe(1);
  });

  test('the same body is read once', async () => {
    let body = '{"ok":1}';
    const { url } = await serve((_, response) => response.end(body));
    const gateway = new ChainGateway();
    let reads = 0;
    const counting = { ...often, read: (_: number, json: unknown) => {
      reads += 1;
      return json as { ok: number };
    } };
    const first = await gateway.get(`${url}/x`, counting);
    now += 20_000;
    const second = await gateway.get(`${url}/x`, counting);
    expect([reads, second.value === first.value, second.at]).toEqual([1, true, now]);
    body = '{"ok":2}';
    now += 20_000;
    expect((await gateway.get(`${url}/x`, counting)).value).toEqual({ ok: 2 });
    body = '<html>';
    now += 20_000;
    expect((await gateway.get(`${url}/x`, counting)).problem?.kind).toBe('malformed');
    body = '{"ok":2}';
    now += 20_000;
    expect(await gateway.get(`${url}/x`, counting)).toMatchObject({ value: { ok: 2 }, at: now, problem: undefined });
  });

  test('held back by the budget it gives the last value with its age, and says that it waits', async () => {
    const { url, seen } = await serve(fine);
    const gateway = new ChainGateway();
    const first = now;
    for (let i = 0; i < 6; i += 1) await gateway.get(`${url}/${i}`, often);
    now += 5_000;
    expect(await gateway.get(`${url}/0`, often)).toMatchObject({ value: { ok: 1 }, at: first, problem: { kind: 'waiting', until: first + 60_000 } });
    expect((await gateway.get(`${url}/new`, often)).value).toBeUndefined();
    expect(seen.length).toBe(6);
    now = first + 60_000;
    expect((await gateway.get(`${url}/new`, often)).problem).toBeUndefined();
  });

  test('the own node has no budget', async () => {
    const { url, seen } = await serve(fine);
    const gateway = new ChainGateway();
    for (let i = 0; i < 30; i += 1) {
      await gateway.get(`${url}/status`, { ...often, own: true });
      now += 1_000;
    }
    expect(seen.length).toBe(30);
  });

  test.each([429, 503])('%i backs off, doubling, and is called rate limited', async (status) => {
    const { url, seen } = await serve((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<html>503</html>'));
    const gateway = new ChainGateway();
    const waits: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const { problem } = await gateway.get(`${url}/x`, often);
      expect(problem?.kind).toBe('rate-limited');
      expect(gateway.limitedUntil(url)).toBe(problem?.until);
      waits.push((problem?.until ?? 0) - now);
      now += 10_000;
      await gateway.get(`${url}/y`, often);
      now = problem?.until ?? 0;
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000]);
    expect(seen.length).toBe(4);
  });

  test('Retry-After in seconds or as a date is kept, an absurd one is cut, and success starts again from the beginning', async () => {
    let header = '300';
    let limited = true;
    const { url } = await serve((_, response) => (limited ? response.writeHead(429, { 'retry-after': header }).end() : response.end('{"ok":1}')));
    const gateway = new ChainGateway();
    const wait = async () => ((await gateway.get(`${url}/x`, often)).problem?.until ?? 0) - now;
    expect(await wait()).toBe(300_000);
    now += 300_000;
    header = new Date(now + 200_000).toUTCString();
    expect(await wait()).toBe(200_000);
    now += 200_000;
    header = '999999999';
    expect(await wait()).toBe(3_600_000);
    now += 3_600_000;
    limited = false;
    expect((await gateway.get(`${url}/x`, often)).value).toEqual({ ok: 1 });
    limited = true;
    header = '1';
    now += 60_000;
    expect(await wait()).toBe(30_000);
  });

  test('a host that is down is left alone for a while', async () => {
    const { url } = await serve(fine);
    const port = new URL(url).port;
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    const gateway = new ChainGateway();
    expect((await gateway.get(`http://127.0.0.1:${port}/x`, often)).problem).toMatchObject({ kind: 'down', error: { code: 'chain_host_down', params: { why: 'ECONNREFUSED' } } });
    now += 2_000;
    expect((await gateway.get(`http://127.0.0.1:${port}/y`, often)).problem).toMatchObject({ kind: 'down', error: { params: { why: 'ECONNREFUSED' } }, until: now + 8_000 });
  });
});

describe('hostile answers', () => {
  const problemOf = async (listener: RequestListener, options: object = {}) => {
    const { url } = await serve(listener);
    return (await new ChainGateway().get(`${url}/x`, { ...often, ...options })).problem;
  };

  test.each([
    ['a web page', '<!doctype html><html></html>'],
    ['nothing', ''],
    ['half of it', '{"ok": 1'],
    ['binary', '\u0000\u0001\u0002'],
  ])('%s is malformed, not down', async (_, body) => {
    expect(await problemOf((_request, response) => response.end(body))).toMatchObject({ kind: 'malformed' });
  });
  test('JSON of another shape is malformed', async () => {
    const strict = (_: number, json: unknown) => {
      if ((json as { ok?: unknown }).ok !== 1) throw new TypeError('shape');
      return 1;
    };
    expect(await problemOf((_, response) => response.end('{"no":1}'), { read: strict })).toMatchObject({ kind: 'malformed' });
  });
  test('an answer cut in the middle is a connection problem', async () => {
    expect(await problemOf((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"ok":');
      setTimeout(() => response.destroy(), 20);
    })).toMatchObject({ kind: 'down' });
  });
  test('a huge one is cut off, announced or not', async () => {
    const big = 'x'.repeat(64 * 1024);
    expect(await problemOf((_, response) => response.end(big), { maxBytes: 1024 })).toMatchObject({ kind: 'too-large' });
    let written = 0;
    expect(await problemOf((_, response) => {
      const more = () => {
        while (!response.destroyed && written < 50_000_000 && response.write(big)) written += big.length;
      };
      response.on('drain', more);
      more();
    })).toMatchObject({ kind: 'too-large' });
    expect(written).toBeLessThan(20_000_000);
  });
  test('a compressed one isn\'t unpacked', async () => {
    expect(await problemOf((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":1}')))).toMatchObject({ kind: 'malformed' });
  });
  test('one that never ends, or drips, ends by the deadline', async () => {
    const started = performance.now();
    expect(await problemOf(() => {}, { timeoutMs: 200 })).toMatchObject({ kind: 'timeout' });
    const drip = await problemOf((_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    }, { timeoutMs: 300 });
    expect(drip).toMatchObject({ kind: 'timeout' });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
  test('a redirect is not followed, wherever it points', async () => {
    const { url: other, seen } = await serve(fine);
    for (const location of ['http://169.254.169.254/latest/meta-data/', `${other}/secret`, '/elsewhere']) {
      expect(await problemOf((_, response) => response.writeHead(302, { location }).end())).toMatchObject({ kind: 'redirect' });
    }
    expect(seen.length).toBe(0);
  });
  test('the body of an error is never passed on', async () => {
    const problem = await problemOf((_, response) => response.writeHead(500).end('{"error":"SENTINEL-BODY"}'));
    expect(problem).toMatchObject({ kind: 'status', status: 500 });
    expect(JSON.stringify(problem)).not.toContain('SENTINEL');
  });
  test('503 of the own node is its own failure, not a limit', async () => {
    expect(await problemOf((_, response) => response.writeHead(503).end('{"code":14}'), { own: true })).toMatchObject({ kind: 'status', status: 503 });
  });
  test('the last good value stays, with its age', async () => {
    let good = true;
    const { url } = await serve((_, response) => response.end(good ? '{"ok":1}' : '<html>'));
    const gateway = new ChainGateway();
    await gateway.get(`${url}/x`, often);
    const then = now;
    good = false;
    now += 60_000;
    expect(await gateway.get(`${url}/x`, often)).toMatchObject({ value: { ok: 1 }, at: then, problem: { kind: 'malformed' } });
  });
});

describe('addresses', () => {
  test.each([
    'http://169.254.169.254/', 'http://[fe80::1]/', 'http://0.0.0.0:80/', 'http://[::]/', 'http://2852039166/', 'http://0xA9FEA9FE/', 'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/', 'http://[::ffff:a9fe:a9fe]/', 'http://[64:ff9b::169.254.169.254]/', 'http://100.100.100.200/', 'http://[fd00:ec2::254]/', 'http://255.255.255.255/',
    'file:///etc/passwd', 'ftp://host/', 'gopher://host/', 'http://user:secret@host/', 'not a url', '',
  ])('%s is refused and never asked', async (url) => {
    expect(() => checkedUrl(url)).toThrow('chain_url_refused');
    const { problem } = await new ChainGateway().get(url, often);
    expect(problem?.kind).toBe('refused');
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
  test('public, private and loopback ones may be seeds', () => {
    for (const address of ['8.8.8.8', '10.0.0.1', '172.18.0.3', '127.0.0.1', '::1', '2001:db8::1', 'fd00::1']) expect(allowedAddress(address)).toBe(true);
    for (const address of ['169.254.0.1', '::ffff:169.254.1.1', 'x', '']) expect(allowedAddress(address)).toBe(false);
  });
  test('one name is one host whatever its port or case; loopback ports are hosts of their own', () => {
    expect(budgetKey(new URL('http://Node2.gonka.ai:8000'))).toBe(budgetKey(new URL('https://node2.gonka.ai.:8443')));
    expect(budgetKey(new URL('http://127.0.0.1:4400'))).not.toBe(budgetKey(new URL('http://127.0.0.1:4401')));
  });
  test('paths are joined once', () => {
    expect([endpoint('http://h:8000/', '/v1/x'), endpoint('http://h:8000/api', '/v1/x')]).toEqual(['http://h:8000/v1/x', 'http://h:8000/api/v1/x']);
  });
});
