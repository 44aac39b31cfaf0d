import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { PanelError } from './errors.ts';
import { singleton } from './singleton.ts';
import { endStreams, openStreams, sseResponse } from './sse.ts';

const request = (signal?: AbortSignal) => new Request('http://localhost/stream', { signal });
const closers = () => singleton('closers', () => new Set<() => void>());

test('events with id and name, line breaks kept, headers that keep proxies from buffering', async () => {
  const response = sseResponse(request(), async (out) => {
    out.send('one', { id: 'a\nb', event: 'x' });
    out.send('two\nlines');
  });
  expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(await response.text()).toBe('retry: 2000\n\nid: ab\nevent: x\ndata: one\n\ndata: two\ndata: lines\n\n');
  expect(openStreams()).toBe(0);
  expect(closers().size).toBe(0);
});

test('a client that does not read holds the sender, and memory stays flat', async () => {
  let sent = 0;
  const abort = new AbortController();
  const response = sseResponse(request(abort.signal), async (out) => {
    while (!out.signal.aborted && sent < 10_000) {
      sent++;
      if (!out.send('x'.repeat(10_000))) await out.drained();
    }
  });
  await sleep(50);
  const stalled = sent;
  expect(stalled).toBeLessThan(40);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (let i = 0; i < 200; i++) await reader.read();
  expect(sent).toBeGreaterThan(stalled + 100);
  await reader.cancel();
  await sleep(10);
  expect(openStreams()).toBe(0);
});

test('shutdown, a gone client and a lost session end the stream at once', async () => {
  const ended: string[] = [];
  const start = (name: string, given?: Request, options = {}) =>
    sseResponse(
      given ?? request(),
      async (out) => {
        await new Promise<void>((resolve) => out.signal.addEventListener('abort', () => resolve()));
        ended.push(name);
      },
      options,
    );
  start('shutdown');
  for (const close of [...closers()]) close();
  const abort = new AbortController();
  start('gone', request(abort.signal));
  abort.abort();
  start('session', undefined, { owner: 'u1/s1' });
  start('other', undefined, { owner: 'u10/s1' });
  endStreams('u1');
  await sleep(10);
  expect(ended).toEqual(['shutdown', 'gone', 'session']);
  endStreams('u10/s1');
  await sleep(10);
  expect(openStreams()).toBe(0);
});

test('the session is asked again and again', async () => {
  vi.useFakeTimers();
  try {
    let valid = true;
    let asked = 0;
    const response = sseResponse(request(), (out) => new Promise((resolve) => out.signal.addEventListener('abort', () => resolve())), {
      check: async () => {
        asked++;
        return valid;
      },
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(2);
    expect(openStreams()).toBe(1);
    valid = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(openStreams()).toBe(0);
    await expect(response.text()).resolves.toContain(': ping');
  } finally {
    vi.useRealTimers();
  }
});

test('one more stream than the limit is refused with 429; another owner is not', async () => {
  const forever = (owner: string) => sseResponse(request(), (out) => new Promise((resolve) => out.signal.addEventListener('abort', () => resolve())), { owner, limit: 3 });
  expect([1, 2, 3].map(() => forever('a').status)).toEqual([200, 200, 200]);
  const refused = forever('a');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toEqual({ error: { code: 'too_many_streams', params: { limit: 3 } } });
  expect(forever('b').status).toBe(200);
  endStreams('a');
  expect(forever('a').status).toBe(200);
  endStreams('a');
  endStreams('b');
});

test('a failure reaches the client as an event, an unexpected one without its words', async () => {
  const known = sseResponse(request(), () => Promise.reject(new PanelError('engine_absent', { socket: '/x', detail: 'y' })));
  expect(await known.text()).toContain('event: error\ndata: {"error":{"code":"engine_absent","params":{"socket":"/x","detail":"y"}}}');
  const unknown = sseResponse(request(), () => Promise.reject(new Error('secret words')));
  expect(await unknown.text()).not.toContain('secret words');
});
