import { afterEach, expect, test, vi } from 'vitest';
import { LogSession } from './log-session.ts';

/** A server that counts: line n of the log is "line n"; the id of a batch is the number of its last line. */
function server(batches: number, size = 100) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const after = Number(new Headers(init.headers).get('last-event-id') ?? 0);
    asked.push(`${url.split('?')[1]} after ${after}`);
    let next = after + 1;
    const last = batches * size;
    return new Response(new ReadableStream({
      pull(controller) {
        if (init.signal?.aborted) { controller.error(new Error('aborted')); return; }
        if (next > last) return new Promise(() => {});
        const lines = Array.from({ length: Math.min(size, last - next + 1) }, (_, i) => `line ${next + i}`);
        const run = { service: 'node', stream: 'stdout', times: lines.map(() => '2026-11-23T14:00:00.000000000Z'), lines };
        next += lines.length;
        controller.enqueue(new TextEncoder().encode(`id: ${next - 1}\ndata: ${JSON.stringify([run])}\n\n`));
        return undefined;
      },
    }), { headers: { 'content-type': 'text/event-stream' } });
  });
  return asked;
}

const limits = { following: { lines: 10_000, characters: 1e9 }, paused: { lines: 12_000, characters: 1e9 } };
const until = async (holds: () => boolean) => { for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10)); expect(holds()).toBe(true); };
const texts = (session: LogSession) => Array.from({ length: session.view.size }, (_, i) => session.buffer.text(session.view.seqAt(session.view.start + i)));

let session: LogSession;
afterEach(() => { session.close(); vi.unstubAllGlobals(); });

test('standing still keeps everything up to its bound, then lets go; resuming brings the rest without a gap or a double', async () => {
  const asked = server(300);
  session = new LogSession({ onChange: () => {}, onSignedOut: () => {}, limits });
  session.setFollowing(false);
  session.open('service=node');
  await until(() => session.heldBy === 'full');
  expect(texts(session)).toEqual(Array.from({ length: 12_000 }, (_, i) => `line ${i + 1}`));
  session.setFollowing(true);
  await until(() => session.received === 30_000);
  expect(asked).toEqual(['service=node after 0', 'service=node after 12000']);
  const shown = texts(session);
  expect(shown.length).toBeLessThanOrEqual(10_000);
  expect(shown.at(-1)).toBe('line 30000');
  expect(shown).toEqual(Array.from({ length: shown.length }, (_, i) => `line ${30_000 - shown.length + 1 + i}`));
});

test('fewer services go on where they are, another question begins anew', async () => {
  const asked = server(3);
  session = new LogSession({ onChange: () => {}, onSignedOut: () => {}, limits });
  session.open('service=node&service=api');
  await until(() => session.received === 300);
  session.narrow('service=node');
  await until(() => asked.length === 2);
  expect(session.buffer.size).toBe(300);
  session.open('service=proxy');
  await until(() => session.received === 600);
  expect(asked).toEqual(['service=node&service=api after 0', 'service=node after 300', 'service=proxy after 0']);
  expect(session.buffer.size).toBe(300);
});

test('a hidden tab lets go and takes up again', async () => {
  const asked = server(5);
  session = new LogSession({ onChange: () => {}, onSignedOut: () => {}, limits });
  session.open('service=node');
  await until(() => session.received === 500);
  session.hold('hidden');
  expect(session.heldBy).toBe('hidden');
  await session.release();
  await until(() => asked.length === 2);
  expect(asked[1]).toBe('service=node after 500');
  expect(session.received).toBe(500);
});
