import type { ShownError } from '../ui/error-notice.tsx';
import { type SseMessage, sseReader } from './sse-reader.ts';

export type StreamStatus =
  | { state: 'connecting' }
  | { state: 'open' }
  /** Not connected; tried again by itself at `retryAt` (ms). */
  | { state: 'waiting'; problem: ShownError; retryAt: number }
  | { state: 'closed' };

type Options = {
  url: string;
  lastId?: string;
  /** Messages in order; the next ones are read when the promise is done: that is the back-pressure. */
  onMessages: (messages: SseMessage[]) => Promise<void> | void;
  onStatus: (status: StreamStatus) => void;
  /** The session has ended. */
  onSignedOut: () => void;
  fetch?: typeof fetch;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
};

const BACKOFF = [300, 700, 1500, 3000, 6000, 10_000];
/** The server says something every 15 s; a connection silent for longer is dead, whatever TCP thinks. */
const SILENT_MS = 40_000;

const pause = (ms: number, signal: AbortSignal) => new Promise<void>((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});

async function problemOf(response: Response): Promise<ShownError> {
  const body = (await response.json().catch(() => undefined)) as { error?: ShownError } | undefined;
  if (typeof body?.error?.code === 'string') return body.error;
  return response.status === 429 ? { code: 'too_many_streams' } : { code: `http_${response.status}` };
}

/** Follows an event stream until closed: reconnects with growing pauses and goes on after the last id. */
export function openLogStream(options: Options): { close(): void } {
  const closing = new AbortController();
  const { signal } = closing;
  const wait = options.wait ?? pause;
  let lastId = options.lastId ?? '';
  let failures = 0;

  async function once(): Promise<{ problem: ShownError; after?: number }> {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener('abort', stop, { once: true });
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const alive = () => { clearTimeout(watchdog); watchdog = setTimeout(stop, SILENT_MS); };
    alive();
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (lastId) headers['last-event-id'] = lastId;
      const response = await (options.fetch ?? fetch)(options.url, { headers, signal: attempt.signal, cache: 'no-store' });
      if (response.status === 401 || (response.redirected && /\/login(\?|$)/.test(response.url))) {
        options.onSignedOut();
        closing.abort();
        return { problem: { code: 'panel_unreachable' } };
      }
      if (!response.ok || !response.body || !/^text\/event-stream/.test(response.headers.get('content-type') ?? '')) {
        const after = Number(response.headers.get('retry-after')) * 1000;
        return { problem: await problemOf(response), after: after > 0 ? Math.min(after, 60_000) : undefined };
      }
      options.onStatus({ state: 'open' });
      const sse = sseReader();
      const body = response.body.getReader();
      for (;;) {
        const { done, value } = await body.read();
        if (done) break;
        clearTimeout(watchdog);
        const messages = sse.push(value);
        if (messages.length > 0) {
          failures = 0;
          await options.onMessages(messages);
          if (signal.aborted) break;
          lastId = messages[messages.length - 1]?.id || lastId;
        }
        alive();
      }
      return { problem: { code: 'panel_unreachable' }, after: sse.retry() };
    } catch {
      return { problem: { code: 'panel_unreachable' } };
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      attempt.abort();
    }
  }

  void (async () => {
    while (!signal.aborted) {
      if (failures === 0) options.onStatus({ state: 'connecting' });
      const { problem, after } = await once();
      if (signal.aborted) break;
      const ms = Math.max(after ?? 0, BACKOFF[Math.min(failures, BACKOFF.length - 1)] as number);
      failures++;
      options.onStatus({ state: 'waiting', problem, retryAt: Date.now() + ms });
      await wait(ms, signal);
    }
    options.onStatus({ state: 'closed' });
  })();
  return { close: () => closing.abort() };
}
