import { isPanelError, type PanelError } from './errors.ts';
import { log } from './log.ts';
import { singleton } from './singleton.ts';

export type SseOut = {
  /** Hands an event over. False: the client is behind, wait for drained() before the next one. */
  send(data: string, opts?: { id?: string; event?: string }): boolean;
  /** Resolves when the client has taken what was sent, or has gone. */
  drained(): Promise<void>;
  /** Aborts when the client has gone, the session has ended or the panel stops. */
  signal: AbortSignal;
};

export type SseOptions = {
  /** Whose stream it is, `user/session`: counted, and ended by endStreams(user). */
  owner?: string;
  /** Open streams per owner; one more is answered with 429. */
  limit?: number;
  /** Asked every 30 s: may the stream go on? False or an error ends it. */
  check?: () => Promise<boolean>;
};

const PING_MS = 15_000;
const CHECK_MS = 30_000;
const BUFFER_BYTES = 256 * 1024;
const DEFAULT_LIMIT = 20;

/** What shutdown calls: one function per open stream. */
const closers = () => singleton('closers', () => new Set<() => void>());
const owners = () => singleton('stream-owners', () => new Map<string, Set<() => void>>());

/** Open event streams of this process: for tests and the bench. */
export const openStreams = (): number => singleton('sse-count', () => ({ open: 0 })).open;

/** Ends the streams of an owner, or of all sessions of a user, at once: signed out, revoked, password changed. */
export function endStreams(owner: string): void {
  for (const [key, ends] of [...owners()]) if (key === owner || key.startsWith(`${owner}/`)) for (const end of [...ends]) end();
}

const encoder = new TextEncoder();
// A line break inside would end the field: each line of the data gets its own.
const field = (name: string, text: string) => (text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\r|\n/).map((line) => `${name}: ${line}\n`).join('') : `${name}: ${text}\n`);
const oneLine = (text: string) => text.replace(/[\r\n\0]/g, '');

/**
 * Answers with an event stream that `run` feeds until it returns, the client goes, or the panel stops. A failure of
 * `run` reaches the client as `event: error` with `{error: {code, params}}`.
 */
export function sseResponse(request: Request, run: (out: SseOut) => Promise<void>, options: SseOptions = {}): Response {
  const { owner, limit = DEFAULT_LIMIT } = options;
  const mine = owner === undefined ? undefined : (owners().get(owner) ?? new Set<() => void>());
  if (mine && mine.size >= limit) {
    return Response.json({ error: { code: 'too_many_streams', params: { limit } } }, { status: 429, headers: { 'cache-control': 'no-store', 'retry-after': '5' } });
  }
  const abort = new AbortController();
  const count = singleton('sse-count', () => ({ open: 0 }));
  const timers: NodeJS.Timeout[] = [];
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let waiting: (() => void)[] = [];
  let closed = false;

  const end = () => {
    if (closed) return;
    closed = true;
    count.open--;
    closers().delete(end);
    mine?.delete(end);
    if (owner !== undefined && mine?.size === 0) owners().delete(owner);
    timers.forEach(clearInterval);
    request.signal.removeEventListener('abort', end);
    abort.abort();
    wake();
    try {
      controller?.close();
    } catch {
      // the client's side has closed it already
    }
  };
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const room = () => !closed && (controller?.desiredSize ?? 0) > 0;
  const write = (text: string) => {
    if (closed || !controller) return false;
    controller.enqueue(encoder.encode(text));
    return room();
  };
  const out: SseOut = {
    send: (data, opts = {}) => write(`${opts.id === undefined ? '' : `id: ${oneLine(opts.id)}\n`}${opts.event === undefined ? '' : `event: ${oneLine(opts.event)}\n`}${field('data', data)}\n`),
    drained: () => (closed || room() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    signal: abort.signal,
  };

  count.open++;
  closers().add(end);
  if (mine && owner !== undefined) {
    mine.add(end);
    owners().set(owner, mine);
  }
  request.signal.addEventListener('abort', end, { once: true });

  const stream = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
        if (request.signal.aborted) return end();
        // The headers go out with the first bytes.
        write('retry: 2000\n\n');
        // A client that doesn't read gets no pings on top.
        timers.push(setInterval(() => room() && write(': ping\n\n'), PING_MS));
        if (options.check) timers.push(setInterval(() => void recheck(options.check as () => Promise<boolean>), CHECK_MS));
        void run(out).then(end, (error: unknown) => {
          if (!closed) write(`event: error\n${field('data', JSON.stringify({ error: tell(error) }))}\n`);
          end();
        });
      },
      pull: wake,
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  const recheck = async (check: () => Promise<boolean>) => {
    if (!(await check().catch(() => false))) end();
  };
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // no-transform: nothing on the way may compress, and so buffer, the stream.
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  });
}

function tell(error: unknown): { code: string; params: Record<string, string | number> } {
  if (isPanelError(error)) return { code: (error as PanelError).code, params: (error as PanelError).params };
  const event = crypto.randomUUID().slice(0, 8);
  log.error({ event, err: error instanceof Error ? { message: error.message, stack: error.stack } : String(error) }, 'event stream failed');
  return { code: 'unexpected', params: { event } };
}
