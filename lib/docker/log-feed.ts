import { findContainer } from './client.ts';
import { engineWords, isOutage, statusOf } from './engine.ts';
import { engineWatch } from './engine-watch.ts';
import type { RawLine } from './log-lines.ts';
import { type Position, positionOf, Skip, sinceFor } from './log-position.ts';
import { LogReader, type LogRead } from './log-reader.ts';

export type FeedSink = {
  /** Takes no more for now; a feed whose sinks are all full stops reading. */
  readonly full: boolean;
  push(lines: RawLine[]): void;
  /** The container's log can't be read any more: it is gone, or its log driver keeps nothing readable. */
  closed(reason: { code: 'gone' } | { code: 'unreadable'; detail: string }): void;
};

/** How far before the known end the live stream starts: what was written between two requests is in it. */
const LEAD = 1000;
const RETRY_MS = 1000;
const MAX_FAILURES = 5;

/**
 * The one upstream of one container, shared by all its viewers: open while there is a sink. It goes on over restarts
 * of the container and of the engine from the last line it gave, none twice, none lost.
 */
export class LogFeed {
  readonly container: string;
  private readonly tty: boolean;
  private readonly sinks = new Set<FeedSink>();
  private readonly abort = new AbortController();
  private reader: LogReader | undefined;
  private resumeFrom: Position | undefined;
  private drained: (() => void) | undefined;
  private finished: Parameters<FeedSink['closed']>[0] | undefined;
  /** The last line that was handed on, or that was the log's end when the feed began; undefined for an empty log. */
  last: Position | undefined;
  /** Resolves when `last` is known and every later line will be handed on. */
  readonly ready: Promise<void>;

  constructor(container: string, tty: boolean) {
    this.container = container;
    this.tty = tty;
    let settle = () => {};
    this.ready = new Promise((resolve) => {
      settle = resolve;
    });
    this.run(settle).catch(() => this.end({ code: 'unreadable', detail: 'the log could not be followed' }));
  }

  get sinkCount(): number {
    return this.sinks.size;
  }

  get closed(): boolean {
    return this.abort.signal.aborted || this.finished !== undefined;
  }

  attach(sink: FeedSink): void {
    this.sinks.add(sink);
    if (this.finished) sink.closed(this.finished);
  }

  detach(sink: FeedSink): void {
    this.sinks.delete(sink);
    this.wake();
    if (this.sinks.size === 0) this.close();
  }

  /** A sink that was full has room again. */
  wake(): void {
    this.drained?.();
    this.drained = undefined;
  }

  /** For a feed's only viewer that has read further than the feed: go on from there instead of catching up line by line. */
  restartFrom(position: Position): void {
    this.resumeFrom = position;
    this.reader?.close();
    this.wake();
  }

  close(): void {
    this.abort.abort();
    this.reader?.close();
    this.wake();
  }

  private end(reason: Parameters<FeedSink['closed']>[0]): void {
    if (this.closed) return;
    this.finished = reason;
    for (const sink of [...this.sinks]) sink.closed(reason);
    this.close();
  }

  private async run(settle: () => void): Promise<void> {
    let failures = 0;
    let known = false;
    let first = true;
    while (!this.closed) {
      // Listening before looking, so that a start in between is not missed.
      const changed = this.nextChange();
      try {
        if (!known) {
          this.last = await this.endOfLog();
          known = true;
          settle();
        }
        const container = await findContainer(this.container);
        if (!container) {
          this.end({ code: 'gone' });
          break;
        }
        if (container.state === 'running' || container.state === 'paused') {
          await this.follow(first);
          first = false;
          failures = 0;
          // The stream ended because the container stopped: the state may lag behind by a moment.
          await this.pause(100, changed.promise);
        } else {
          first = false;
          failures = 0;
          await changed.promise;
        }
      } catch (error) {
        if (this.closed) break;
        if (statusOf(error) === 404) this.end({ code: 'gone' });
        else if (statusOf(error) === 501) this.end({ code: 'unreadable', detail: engineWords(error) });
        else if (!isOutage(error) && ++failures >= MAX_FAILURES) this.end({ code: 'unreadable', detail: engineWords(error) });
        else await this.pause(RETRY_MS, changed.promise);
      } finally {
        changed.stop();
      }
    }
    settle();
  }

  /** Where the log ends now; undefined when it is empty. */
  private async endOfLog(): Promise<Position | undefined> {
    const reader = await LogReader.open({ container: this.container, tty: this.tty, follow: false, tail: 1, wholeLines: true }, this.abort.signal);
    try {
      let last: Position | undefined;
      for (let lines = await reader.next(); lines; lines = await reader.next()) last = positionOf(lines[lines.length - 1] as RawLine);
      return reader.unfinished ? { time: reader.unfinished, n: 0 } : last;
    } finally {
      reader.close();
    }
  }

  /** Reads until the stream ends. `byTail`: the end of a long log is found from behind; a search by time reads it all. */
  private async follow(byTail: boolean): Promise<void> {
    for (let tail = byTail; ; tail = false) {
      if (this.resumeFrom) {
        this.last = this.resumeFrom;
        this.resumeFrom = undefined;
        tail = false;
      }
      const from = this.last;
      const read: Partial<LogRead> = !from ? {} : tail ? { tail: LEAD } : { since: sinceFor(from) };
      const outcome = await this.stream(read, from ? new Skip(from) : undefined);
      if (this.closed || outcome === 'ended') return;
    }
  }

  private async stream(read: Partial<LogRead>, skip: Skip | undefined): Promise<'ended' | 'missed' | 'again'> {
    const reader = await LogReader.open({ container: this.container, tty: this.tty, follow: true, ...read }, this.abort.signal);
    this.reader = reader;
    try {
      if (this.closed) return 'ended';
      for (let lines = await reader.next(); lines; lines = await reader.next()) {
        const fresh = skip ? skip.rest(lines) : lines;
        // More than the lead was written in between: only a search by time finds the place.
        if (skip?.state === 'missed' && read.tail !== undefined) return 'missed';
        if (fresh.length > 0) this.hand(fresh);
        while (!this.closed && !this.resumeFrom && this.sinks.size > 0 && [...this.sinks].every((sink) => sink.full)) await this.room();
        if (this.closed) break;
        if (this.resumeFrom) return 'again';
      }
      return this.resumeFrom ? 'again' : 'ended';
    } finally {
      reader.close();
      this.reader = undefined;
    }
  }

  private hand(lines: RawLine[]): void {
    this.last = positionOf(lines[lines.length - 1] as RawLine);
    for (const sink of [...this.sinks]) sink.push(lines);
  }

  private room(): Promise<void> {
    return new Promise((resolve) => {
      this.drained = resolve;
    });
  }

  /** Resolves at the container's next start or removal, at the engine's return, or when the feed closes. */
  private nextChange(): { promise: Promise<void>; stop: () => void } {
    let done = () => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    const unsubscribe = engineWatch().subscribe((change) => {
      if (change.type === 'back') done();
      if (change.type === 'event' && change.event.id === this.container && ['start', 'unpause', 'destroy'].includes(change.event.action)) done();
    });
    this.abort.signal.addEventListener('abort', done, { once: true });
    return {
      promise,
      stop: () => {
        unsubscribe();
        this.abort.signal.removeEventListener('abort', done);
      },
    };
  }

  private async pause(ms: number, or: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      or,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      }),
    ]);
    clearTimeout(timer);
  }
}
