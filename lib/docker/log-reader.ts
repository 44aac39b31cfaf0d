import type { IncomingMessage } from 'node:http';
import { engine } from './engine.ts';
import { containerRef } from './client.ts';
import { LineAssembler, type RawLine } from './log-lines.ts';
import { toEngineTime } from './log-time.ts';

export type LogRead = {
  container: string;
  tty: boolean;
  follow: boolean;
  /** Lines from the end; undefined = everything. */
  tail?: number;
  /** RFC 3339 with nanoseconds, inclusive. */
  since?: string;
  until?: string;
  /** Leave out a last line that has not ended: the live stream brings it whole. */
  wholeLines?: boolean;
};

/** Lines held between the socket and whoever reads; above it the socket is paused. */
const HIGH_LINES = 2000;
const HIGH_CHARACTERS = 1024 * 1024;

let open = 0;
/** Log streams open at the engine right now: for tests and the bench. */
export const openLogStreams = (): number => open;

/** One log stream of one container, read at the reader's pace. Whoever opens one closes it. */
export class LogReader {
  private readonly response: IncomingMessage;
  private readonly abort: AbortController;
  /** The time of a last line that was left out (`wholeLines`). */
  unfinished: string | undefined;
  private lines: RawLine[] = [];
  private characters = 0;
  private done = false;
  private failure: unknown;
  private wake: (() => void) | undefined;

  /** Throws what the engine call throws (404 gone, 501 log driver that can't be read, connection errors). `signal` closes it. */
  static async open(read: LogRead, signal?: AbortSignal): Promise<LogReader> {
    signal?.throwIfAborted();
    const abort = new AbortController();
    const stop = () => abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    abort.signal.addEventListener('abort', () => signal?.removeEventListener('abort', stop), { once: true });
    const query = {
      follow: read.follow ? 1 : 0,
      stdout: 1,
      stderr: 1,
      timestamps: 1,
      ...(read.tail === undefined ? {} : { tail: read.tail }),
      ...(read.since ? { since: toEngineTime(read.since) } : {}),
      ...(read.until ? { until: toEngineTime(read.until) } : {}),
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      engine().modem.dial(
        {
          path: `/containers/${containerRef(read.container)}/logs?`,
          method: 'GET',
          isStream: true,
          abortSignal: abort.signal,
          statusCodes: { 200: true, 404: 'no such container', 500: 'server error', 501: 'unreadable log driver' },
          options: query,
        } as never,
        (error: unknown, stream: unknown) => (error ? reject(error) : resolve(stream as IncomingMessage)),
      );
    }).catch((error: unknown) => {
      signal?.removeEventListener('abort', stop);
      throw error;
    });
    return new LogReader(response, abort, read);
  }

  private constructor(response: IncomingMessage, abort: AbortController, read: LogRead) {
    this.response = response;
    this.abort = abort;
    open++;
    const assembler = new LineAssembler({ tty: read.tty, cut: read.tail !== undefined || read.since !== undefined }, (line) => {
      this.lines.push(line);
      this.characters += line.line.length;
    });
    response.on('data', (chunk: Buffer) => {
      if (this.done) return;
      try {
        assembler.push(chunk);
      } catch (error) {
        return this.finish(error);
      }
      if (this.lines.length > HIGH_LINES || this.characters > HIGH_CHARACTERS) response.pause();
      if (this.lines.length > 0) this.notify();
    });
    response.on('end', () => {
      if (!this.done) {
        if (read.wholeLines) this.unfinished = assembler.unfinished;
        else assembler.flush();
      }
      this.finish();
    });
    response.on('error', (error) => this.finish(error));
    response.on('close', () => this.finish(response.complete ? undefined : new Error('the engine closed the log stream')));
  }

  /** The next lines (at least one); undefined at the end. Throws when the stream broke; lines before that come first. */
  async next(): Promise<RawLine[] | undefined> {
    while (this.lines.length === 0) {
      if (this.done) {
        if (this.failure) throw this.failure;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const { lines } = this;
    this.lines = [];
    this.characters = 0;
    if (this.response.isPaused()) this.response.resume();
    return lines;
  }

  /** Ends the stream at the engine too. A next() that waits returns. */
  close(): void {
    this.lines = [];
    this.finish();
  }

  private finish(error?: unknown): void {
    if (!this.done) {
      this.done = true;
      this.failure = error;
      open--;
      this.abort.abort();
      this.response.destroy();
    }
    this.notify();
  }

  /** After the current event: what one read of the socket brings is handed on together. */
  private notify(): void {
    const { wake } = this;
    if (!wake) return;
    this.wake = undefined;
    setImmediate(wake);
  }
}
