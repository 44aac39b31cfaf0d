import { containerRef } from './client.ts';
import { LineAssembler, type RawLine } from './log-lines.ts';
import { type LogSocket, openLogSocket } from './log-socket.ts';
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
  /** The time of a last line that was left out (`wholeLines`). */
  unfinished: string | undefined;
  private socket: LogSocket | undefined;
  private lines: RawLine[] = [];
  private characters = 0;
  private done = false;
  private failure: unknown;
  private wake: (() => void) | undefined;

  /** Throws what the engine call throws (404 gone, 501 log driver that can't be read, connection errors). `signal` closes it. */
  static async open(read: LogRead, signal?: AbortSignal): Promise<LogReader> {
    const query = new URLSearchParams({
      follow: read.follow ? '1' : '0',
      stdout: '1',
      stderr: '1',
      timestamps: '1',
      ...(read.tail === undefined ? {} : { tail: String(read.tail) }),
      ...(read.since ? { since: toEngineTime(read.since) } : {}),
      ...(read.until ? { until: toEngineTime(read.until) } : {}),
    });
    const path = `/containers/${containerRef(read.container)}/logs?${query}`;
    const reader = new LogReader();
    try {
      await reader.connect(path, read, signal);
    } catch (error) {
      reader.finish(error);
      throw error;
    }
    return reader;
  }

  private constructor() {
    open++;
  }

  private async connect(path: string, read: LogRead, signal: AbortSignal | undefined): Promise<void> {
    const assembler = new LineAssembler({ tty: read.tty, cut: read.tail !== undefined || read.since !== undefined }, (line) => {
      this.lines.push(line);
      this.characters += line.line.length;
    });
    const sink = {
      onData: (bytes: Buffer, start: number, end: number) => {
        if (this.done) return;
        assembler.push(bytes, start, end);
        if (this.full) this.socket?.pause();
        if (this.lines.length > 0) this.notify();
      },
      onEnd: (error?: Error) => {
        if (!this.done && !error) {
          if (read.wholeLines) this.unfinished = assembler.unfinished;
          else assembler.flush();
        }
        this.finish(error);
      },
    };
    this.socket = await openLogSocket(path, sink, { follow: read.follow, signal });
    // The answer's head may have brought the whole stream with it.
    if (this.done) this.socket.close();
    else if (this.full) this.socket.pause();
  }

  private get full(): boolean {
    return this.lines.length > HIGH_LINES || this.characters > HIGH_CHARACTERS;
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
    if (this.socket?.isPaused()) this.socket.resume();
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
      this.socket?.close();
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
