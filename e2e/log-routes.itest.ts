import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { registerSecrets } from '#lib/core/redact.ts';
import { openStreams } from '#lib/core/sse.ts';
import type { LogLine } from '#lib/docker/log-event.ts';
import { linesOf, logHub, type LogRun } from '#lib/docker/log-hub.ts';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../scripts/machine/busybox-image.mjs';

const PROJECT = `gproutes${process.pid}`;
vi.mock('#lib/access/session.ts', () => ({ requireSession: async () => ({ user: { id: 'u1', name: 'a', username: 'a' }, ip: '127.0.0.1' }) }));
vi.mock('#lib/access/auth.ts', () => ({ auth: () => ({ api: { getSession: async () => ({}) } }) }));
vi.mock('#lib/deployment/current.ts', () => ({ currentDeployment: async () => ({ project: { name: PROJECT }, services: [{ name: 'a' }, { name: 'b' }] }) }));
const stream = await import('#app/api/logs/stream/route.ts');
const download = await import('#app/api/logs/download/route.ts');

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
const get = (path: string, init?: RequestInit) => new Request(`http://127.0.0.1${path}`, init);

beforeAll(async () => {
  ensureBusyboxImage();
  registerSecrets('test', ['Sentinel-Xyz-99']);
  for (const [service, script] of [['a', 'i=1; while true; do echo "n $i"; i=$((i+1)); /bin/busybox sleep 0.01; done'], ['b', 'printf "\\033[31mred\\033[0m Sentinel-Xyz-99 <img onerror=x>\\n"; /bin/busybox sleep 1000']] as const) {
    docker('run', '-d', '--name', `${PROJECT}-${service}-1`, '--label', `com.docker.compose.project=${PROJECT}`, '--label', `com.docker.compose.service=${service}`, BUSYBOX_IMAGE, '/bin/busybox', 'sh', '-c', script);
  }
  docker('run', '-d', '--name', `${PROJECT}-foreign`, BUSYBOX_IMAGE, '/bin/busybox', 'sleep', '1000');
  await sleep(500);
});
afterAll(() => {
  docker('rm', '-f', ...['a-1', 'b-1', 'foreign'].map((name) => `${PROJECT}-${name}`));
});

/** Reads events until there are `enough` lines. */
async function events(response: Response, enough: number, abort: AbortController) {
  const lines: LogLine[] = [];
  let id = '';
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() as string;
    for (const part of parts) {
      id = /^id: (.*)$/m.exec(part)?.[1] ?? id;
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (!data) continue;
      const runs = JSON.parse(data) as LogRun[];
      for (const run of runs) expect(Object.keys(run)).toEqual(['service', 'stream', 'times', 'lines', ...(run.event ? ['event'] : [])]);
      lines.push(...linesOf(runs));
    }
    if (lines.filter((line) => !line.event).length >= enough) break;
  }
  abort.abort();
  return { lines: lines.filter((line) => !line.event), id };
}

test('the stream: JSON arrays, an id that resumes, masked, ended with the client', async () => {
  const first = new AbortController();
  const response = await stream.GET(get('/api/logs/stream?service=a&service=b&tail=all', { signal: first.signal }));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const one = await events(response, 60, first);
  expect(JSON.stringify(one.lines)).not.toContain('Sentinel');
    await sleep(300);
  const second = new AbortController();
  const two = await events(await stream.GET(get('/api/logs/stream?service=a&service=b', { signal: second.signal, headers: { 'last-event-id': one.id } })), 60, second);
  const seen = [...one.lines, ...two.lines].filter((line) => line.service === 'a').map((line) => Number(line.line.slice(2)));
  expect(seen).toEqual(seen.map((_, i) => i + 1));
  expect(two.lines.filter((line) => line.service === 'b')).toEqual([]);
  await vi.waitFor(() => expect([openStreams(), logHub().usage]).toEqual([0, { views: 0, feeds: 0, streams: 0 }]), 5000);
});

test.each([
  ['service=nope', 404, 'service_unknown'],
  [`service=${PROJECT}-foreign`, 404, 'service_unknown'],
  ['service=../../etc', 404, 'service_unknown'],
  ['', 400, 'bad_request'],
  ['service=a&tail=-1', 400, 'bad_request'],
  ['service=a&tail=100001', 400, 'bad_request'],
  ['service=a&since=yesterday', 400, 'bad_request'],
])('refused: %s', async (query, status, code) => {
  for (const route of [stream, download]) {
    const response = await route.GET(get(`/api/logs/x?${query}`));
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([status, code]);
  }
});

test('the download: text, masked, without colours unless they are wanted', async () => {
  const response = await download.GET(get('/api/logs/download?service=b&until=2099-01-01T00:00:00Z'));
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="b-\d{8}-\d{6}\.log"$/);
  const text = await response.text();
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z b red •••••• <img onerror=x>\n$/);
  expect(await (await download.GET(get('/api/logs/download?service=b&ansi=keep'))).text()).toContain('\x1b[31mred\x1b[0m');
  const both = await (await download.GET(get('/api/logs/download?service=a&service=b&tail=5'))).text();
  expect(both.trim().split('\n').filter((line) => / a n \d+$/.test(line))).toHaveLength(5);
});

test('the 21st stream of one person is refused', async () => {
  const aborts = Array.from({ length: 21 }, () => new AbortController());
  const all = await Promise.all(aborts.map((abort) => stream.GET(get('/api/logs/stream?service=b&tail=1', { signal: abort.signal }))));
  expect(all.map((response) => response.status).filter((status) => status === 429)).toHaveLength(1);
  for (const abort of aborts) abort.abort();
  await vi.waitFor(() => expect([openStreams(), logHub().usage.streams]).toEqual([0, 0]), 5000);
});
