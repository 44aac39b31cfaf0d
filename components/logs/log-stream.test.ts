import { expect, test } from 'vitest';
import { openLogStream, type StreamStatus } from './log-stream.ts';
import type { SseMessage } from './sse-reader.ts';

const stream = (...chunks: string[]) => new Response(new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    controller.close();
  },
}), { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });

/** Answers in turn, and says how each was asked; ends the stream after the last. */
function served(answers: (() => Response)[]) {
  const asked: (string | null)[] = [];
  const got: SseMessage[] = [];
  const states: StreamStatus[] = [];
  const waits: number[] = [];
  let signedOut = false;
  const done = new Promise<void>((resolve) => {
    const open = openLogStream({
      url: '/x',
      onMessages: (messages) => void got.push(...messages),
      onStatus: (status) => { states.push(status); if (status.state === 'closed') resolve(); },
      onSignedOut: () => { signedOut = true; },
      wait: async (ms) => { waits.push(ms); if (asked.length >= answers.length) open.close(); },
      fetch: (async (_url: string, init: RequestInit) => {
        asked.push(new Headers(init.headers).get('last-event-id'));
        return (answers[asked.length - 1] as () => Response)();
      }) as typeof fetch,
    });
  });
  return { done, asked, got, states, waits, signedOut: () => signedOut };
}

test('goes on behind the last message after an interruption', async () => {
  const run = served([() => stream('id: 1\ndata: a\n\nid: 2\nda', 'ta: b\n\nid: 3\ndata: half'), () => stream('id: 3\ndata: c\n\n')]);
  await run.done;
  expect(run.asked).toEqual([null, '2']);
  expect(run.got.map((each) => each.data)).toEqual(['a', 'b', 'c']);
});

test('waits longer with every failure, and as long as it is told', async () => {
  const refuse = () => Response.json({ error: { code: 'log_streams_full', params: {} } }, { status: 429, headers: { 'retry-after': '7' } });
  const run = served([() => { throw new TypeError('network'); }, () => { throw new TypeError('network'); }, refuse]);
  await run.done;
  expect(run.waits).toEqual([300, 700, 7000]);
  expect(run.states.filter((each) => each.state === 'waiting').map((each) => each.problem.code)).toEqual(['panel_unreachable', 'panel_unreachable', 'log_streams_full']);
});

test('an ended session is not knocked at again', async () => {
  const run = served([() => new Response('', { status: 401 }), () => stream()]);
  await run.done;
  expect(run.signedOut()).toBe(true);
  expect(run.asked.length).toBe(1);
});

test('a page instead of a stream is a failure', async () => {
  const run = served([() => new Response('<html>', { headers: { 'content-type': 'text/html' } })]);
  await run.done;
  expect(run.states.some((each) => each.state === 'open')).toBe(false);
});
