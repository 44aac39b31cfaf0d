import { singleton } from '#lib/core/singleton.ts';
import { listContainers } from './client.ts';
import type { LogLine } from './log-event.ts';
import { LogFeed } from './log-feed.ts';
import type { RawLine } from './log-lines.ts';
import { mergeByTime } from './log-merge.ts';
import type { LogBatch } from './log-outbox.ts';
import { LogReader, openLogStreams } from './log-reader.ts';
import { LogView, type LogViewOptions } from './log-view.ts';

export type { LogEvent, LogLine } from './log-event.ts';
export { type LogBatch, type LogRun, linesOf } from './log-outbox.ts';
export type { LogViewOptions } from './log-view.ts';

class LogHub {
  private readonly feeds = new Map<string, LogFeed>();
  private readonly views = new Set<LogView>();

  /**
   * Follows services of one compose project until `signal` aborts or the caller stops iterating. Batches hold at most
   * 1,000 lines or what came within 50 ms; a caller that doesn't ask for the next one slows the upstream down.
   */
  async *follow(options: LogViewOptions, signal: AbortSignal): AsyncGenerator<LogBatch> {
    if (signal.aborted) return;
    const view = new LogView(options, this);
    // At once, also while the caller is busy with a batch.
    const stop = () => {
      view.close();
      this.views.delete(view);
    };
    signal.addEventListener('abort', stop, { once: true });
    this.views.add(view);
    view.open();
    try {
      for (let batch = await view.outbox.next(); batch; batch = await view.outbox.next()) yield batch;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** What is logged already, merged by time, to its end. For downloads: read at the caller's pace, nothing is kept. */
  async *past(options: Omit<LogViewOptions, 'resume'> & { until?: string }, signal: AbortSignal): AsyncGenerator<LogLine[]> {
    const containers = (await listContainers({ project: options.project })).filter((one) => one.service !== undefined && options.services.includes(one.service) && !one.oneOff);
    const gone = new AbortController();
    const stop = () => gone.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // The merge pushes, the caller pulls: one hand-over at a time.
    let give: ((lines: LogLine[] | undefined) => void) | undefined;
    let taken: (() => void) | undefined;
    let ended = false;
    let failure: unknown;
    try {
      const sources: { service: string; next(): Promise<RawLine[] | undefined> }[] = [];
      for (const one of containers) {
        const reader = await LogReader.open({ container: one.id, tty: one.tty, follow: false, tail: options.tail, since: options.since, until: options.until }, gone.signal);
        sources.push({ service: one.service as string, next: () => reader.next() });
      }
      let waiting = new Promise<LogLine[] | undefined>((resolve) => {
        give = resolve;
      });
      const merge = mergeByTime(sources, async ({ service }, lines) => {
        if (ended) throw new Error('ended');
        const room = new Promise<void>((resolve) => {
          taken = resolve;
        });
        give?.(lines.map(({ stream, time, line }) => ({ service, stream, time, line })));
        await room;
      }).then(
        () => give?.(undefined),
        (error: unknown) => {
          failure = error;
          give?.(undefined);
        },
      );
      for (;;) {
        const lines = await waiting;
        if (!lines) break;
        waiting = new Promise((resolve) => {
          give = resolve;
        });
        yield lines;
        taken?.();
      }
      await merge;
      if (failure && !signal.aborted) throw failure;
    } finally {
      ended = true;
      signal.removeEventListener('abort', stop);
      stop();
      taken?.();
    }
  }

  /** The shared upstream of one container; made when the first view wants it. */
  feed(container: string, tty: boolean): LogFeed {
    const known = this.feeds.get(container);
    if (known && !known.closed) return known;
    const feed = new LogFeed(container, tty);
    this.feeds.set(container, feed);
    return feed;
  }

  /** For tests and the bench: what is open right now. */
  get usage(): { views: number; feeds: number; streams: number } {
    for (const [id, feed] of this.feeds) if (feed.closed) this.feeds.delete(id);
    return { views: this.views.size, feeds: this.feeds.size, streams: openLogStreams() };
  }

  close(): void {
    for (const view of this.views) view.close();
    for (const feed of this.feeds.values()) feed.close();
    this.views.clear();
    this.feeds.clear();
  }
}

/** One a process: one upstream per container, however many viewers there are. */
export const logHub = (): LogHub => singleton('log-hub', () => new LogHub());
