import type { Container } from './client.ts';
import { type ContainerEvent, type EngineChange, engineWatch } from './engine-watch.ts';
import { type LogEvent, lifeEvent } from './log-event.ts';
import type { LogFeed } from './log-feed.ts';
import type { RawLine } from './log-lines.ts';
import { mergeByTime } from './log-merge.ts';
import { LogOutbox } from './log-outbox.ts';
import { containerKey, type Positions, positionOf, Skip, sinceFor } from './log-position.ts';
import { fromMillis } from './log-time.ts';
import { LogReader } from './log-reader.ts';
import { LogTracker } from './log-tracker.ts';

export type LogViewOptions = {
  project: string;
  services: string[];
  /** Lines of each container from the end; undefined = everything. */
  tail?: number;
  /** RFC 3339 with nanoseconds, inclusive. */
  since?: string;
  /** From a former view's last batch: goes on behind it; `tail` then only counts for containers that it doesn't name. */
  resume?: Positions;
};

/** How long (ms) the last lines before a stop may still be on their way when the engine tells of it. */
const EVENT_DELAY = 120;
/** Several services' live lines are put in order over this time (ms). */
const ORDER_MS = 40;
const MAX_ROUNDS = 4;
const RETRY_MS = 1000;
const SAME_START_MS = 1000;

/** What a view needs of the hub that made it. */
export type FeedBook = { feed(container: string, tty: boolean): LogFeed };

/**
 * One viewer of a set of services: what is there already, merged by time, then live, with what happens to the
 * containers in between. A recreated container's successor is watched as soon as it exists.
 */
export class LogView {
  readonly outbox = new LogOutbox();
  private readonly options: LogViewOptions;
  private readonly book: FeedBook;
  private readonly trackers = new Map<string, LogTracker>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly gone = new AbortController();
  private unsubscribe: () => void = () => {};
  private orderTimer: NodeJS.Timeout | undefined;
  private closed = false;
  private lost = false;
  private started = false;
  /** Stops that are told a moment later, by container. */
  private readonly due = new Map<string, { tell: () => void; timer: NodeJS.Timeout }[]>();
  /** When each container was last said to have started (ms): the list and the event stream both tell. */
  private readonly starts = new Map<string, { ms: number; by: 'list' | 'event' }>();

  constructor(options: LogViewOptions, book: FeedBook) {
    this.options = options;
    this.book = book;
  }

  /** Starts; returns at once. Lines come out of `outbox`. */
  open(): void {
    this.unsubscribe = engineWatch().subscribe((change) => this.onChange(change));
    void this.begin();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.unsubscribe();
    for (const timer of this.timers) clearTimeout(timer);
    clearTimeout(this.orderTimer);
    this.gone.abort();
    for (const tracker of this.trackers.values()) tracker.close();
    this.trackers.clear();
    this.outbox.close();
  }

  private async begin(): Promise<void> {
    while (!this.closed && !this.started) {
      await this.rescan();
      if (!this.started) await this.pause(RETRY_MS);
    }
  }

  private wants(one: { project?: string; service?: string; oneOff: boolean }): boolean {
    return one.project === this.options.project && one.service !== undefined && this.options.services.includes(one.service) && !one.oneOff;
  }

  /** Watches containers from now on: their past merged, then live. */
  private async add(containers: Container[], initial: boolean): Promise<void> {
    const fresh: LogTracker[] = [];
    for (const one of containers) {
      if (this.trackers.has(one.id)) continue;
      const tracker = new LogTracker(one, this.book.feed(one.id, one.tty), { full: () => this.outbox.full, live: () => this.schedule(), closed: (reason) => this.onFeedClosed(tracker, reason) });
      const known = this.options.resume?.get(containerKey(one.id));
      tracker.position = known;
      if (known) this.outbox.place(tracker.key, known);
      tracker.firstRead = known ? {} : initial && !this.isSuccessor(one) ? { tail: this.options.tail, since: this.options.since } : { since: this.options.since };
      tracker.markers = startMarkers(one, known?.time).filter((marker) => marker.event.code !== 'start' || this.firstTold(one.id, marker.time, 'list'));
      this.trackers.set(one.id, tracker);
      fresh.push(tracker);
    }
    let pending = fresh;
    for (let round = 1; pending.length > 0 && !this.closed; ) {
      try {
        await Promise.all(pending.map((tracker) => tracker.hold()));
        await this.round(pending);
        pending = pending.filter((tracker) => this.trackers.has(tracker.id) && !tracker.join(round >= MAX_ROUNDS));
        round++;
      } catch {
        // Whoever can't be read for good is told by its feed; the others go on when the engine is back.
        await this.pause(RETRY_MS / 2);
        pending = pending.filter((tracker) => this.trackers.has(tracker.id));
      }
    }
    this.schedule();
  }

  /** Started after what a resumed view has seen last: shown from its beginning, not from a tail. */
  private isSuccessor(one: Container): boolean {
    const seen = [...(this.options.resume?.values() ?? [])].map((position) => position.time).sort().at(-1);
    return seen !== undefined && one.startedAt !== undefined && one.startedAt > seen;
  }

  /** False when the other of the two has told this start already; a container that restarts quickly is told each time. */
  private firstTold(id: string, time: string, by: 'list' | 'event'): boolean {
    const ms = Date.parse(time);
    const last = this.starts.get(id);
    this.starts.set(id, { ms, by });
    return !last || last.by === by || Math.abs(ms - last.ms) > SAME_START_MS;
  }

  /** Reads what the containers have logged up to now and is not shown yet, merged by time. */
  private async round(trackers: LogTracker[]): Promise<void> {
    const opened: { reader: LogReader; next(): Promise<RawLine[] | undefined>; tracker: LogTracker }[] = [];
    try {
      for (const tracker of trackers) {
        const { position } = tracker;
        const read = position ? { since: sinceFor(position) } : tracker.firstRead;
        const silent = !position && read.tail === 0;
        const reader = await LogReader.open({ container: tracker.id, tty: tracker.tty, follow: false, wholeLines: tracker.running, ...read, ...(silent ? { tail: 1, since: undefined } : {}) }, this.gone.signal);
        const skip = position ? new Skip(position) : undefined;
        const next = async () => {
          for (let lines = await reader.next(); lines; lines = await reader.next()) {
            tracker.position = positionOf(lines[lines.length - 1] as RawLine);
            // Without a backlog the last line only tells where the viewer starts.
            if (silent) this.outbox.place(tracker.key, tracker.position);
            const rest = silent ? [] : skip ? skip.rest(lines) : lines;
            if (rest.length > 0) return tracker.marked(rest);
          }
          return tracker.marked([]);
        };
        opened.push({ reader, next, tracker });
      }
      await mergeByTime(opened, async ({ tracker }, lines) => {
        this.gone.signal.throwIfAborted();
        tracker.write(lines, this.outbox);
        if (this.outbox.full) await this.outbox.room();
      });
    } finally {
      for (const { reader } of opened) reader.close();
    }
  }

  /** Live lines have come: alone at once, of several containers in order. */
  private schedule(): void {
    if (this.closed) return;
    if (this.trackers.size <= 1) this.flush();
    else this.orderTimer ??= setTimeout(() => this.flush(), ORDER_MS);
  }

  private flush(): void {
    clearTimeout(this.orderTimer);
    this.orderTimer = undefined;
    const ready = [...this.trackers.values()].filter((tracker) => tracker.hasLive);
    const heads = ready.map((tracker) => ({ tracker, lines: tracker.takeLive(), at: 0 }));
    const timeOf = ({ lines, at }: { lines: RawLine[]; at: number }) => (lines[at] as RawLine).time;
    while (heads.length > 1) {
      heads.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0));
      const [first, second] = heads as [(typeof heads)[number], (typeof heads)[number]];
      // A whole run at once: up to where another one has something earlier.
      let end = first.at + 1;
      while (end < first.lines.length && (first.lines[end] as RawLine).time <= timeOf(second)) end++;
      first.tracker.write(first.lines.slice(first.at, end), this.outbox);
      first.at = end;
      if (end === first.lines.length) heads.shift();
    }
    for (const { tracker, lines, at } of heads) tracker.write(at === 0 ? lines : lines.slice(at), this.outbox);
    for (const tracker of ready) this.release(tracker);
  }

  /** Lets the upstream go on when the viewer has taken what was there. */
  private release(tracker: LogTracker): void {
    if (!this.outbox.full) {
      tracker.feed.wake();
      return;
    }
    void this.outbox.room().then(() => {
      for (const one of this.trackers.values()) one.feed.wake();
    });
  }

  private onChange(change: EngineChange): void {
    if (change.type === 'lost') this.onLost(change.engine.state === 'ok' ? '' : change.engine.detail);
    else if (change.type === 'back') void this.onBack();
    else if (this.wants(change.event)) this.onEvent(change.event);
  }

  private onEvent(event: ContainerEvent): void {
    if (event.action === 'start' || event.action === 'create') {
      const known = this.trackers.get(event.id);
      if (known) known.running = true;
      else void this.rescan();
    }
    if (event.action === 'die') {
      const known = this.trackers.get(event.id);
      if (known) known.running = false;
      // The next start is another one, however soon it comes.
      if (Date.parse(event.time) > (this.starts.get(event.id)?.ms ?? Number.POSITIVE_INFINITY)) this.starts.delete(event.id);
    }
    const life = lifeEvent(event);
    if (!life) return;
    const tell = () => this.outbox.tell(event.service as string, event.time, life);
    // A start comes before its lines, everything else behind those that are still on their way.
    if (life.code === 'start' || life.code === 'unpause') {
      this.tellDue(event.id);
      if (life.code !== 'start' || this.firstTold(event.id, event.time, 'event')) tell();
      return;
    }
    const timer = this.later(() => this.tellDue(event.id), EVENT_DELAY);
    this.due.set(event.id, [...(this.due.get(event.id) ?? []), { tell, timer }]);
  }

  private tellDue(id: string): void {
    const due = this.due.get(id) ?? [];
    this.due.delete(id);
    for (const { tell, timer } of due) {
      clearTimeout(timer);
      this.timers.delete(timer);
      tell();
    }
  }

  private onLost(detail: string): void {
    if (this.lost) return;
    this.lost = true;
    for (const service of this.options.services) this.say(service, { code: 'engine-lost', detail });
  }

  private async onBack(): Promise<void> {
    if (this.started) await this.rescan();
  }

  /** All containers as they are now: at the beginning, when one was made, and after nobody could tell. */
  private async rescan(): Promise<void> {
    // A look from before this view was opened may not know the container that was made a moment ago.
    engineWatch().invalidate();
    const { engine, containers } = await engineWatch().snapshot();
    if (this.closed) return;
    if (engine.state !== 'ok') return this.onLost(engine.detail);
    if (this.lost) for (const service of this.options.services) this.say(service, { code: 'engine-back' });
    this.lost = false;
    const first = !this.started;
    this.started = true;
    const found = containers.filter((one) => this.wants(one));
    if (first) for (const service of this.options.services) if (!found.some((one) => one.service === service)) this.say(service, { code: 'absent' });
    for (const tracker of this.trackers.values()) {
      const now = containers.find((one) => one.id === tracker.id);
      if (now) tracker.running = now.state === 'running' || now.state === 'paused';
    }
    await this.add(found, first);
  }

  private onFeedClosed(tracker: LogTracker, reason: { code: 'gone' } | { code: 'unreadable'; detail: string }): void {
    if (!this.trackers.delete(tracker.id)) return;
    // What it had still to give goes out first.
    const lines = tracker.takeLive();
    tracker.write(lines, this.outbox);
    tracker.close();
    if (reason.code === 'gone') this.outbox.forget(tracker.key);
    else this.say(tracker.service, { code: 'unreadable', container: tracker.name, detail: reason.detail });
  }

  private say(service: string, event: LogEvent): void {
    this.outbox.tell(service, fromMillis(Date.now()), event);
  }

  private later(work: () => void, ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.closed) work();
    }, ms);
    this.timers.add(timer);
    return timer;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.later(resolve, ms);
      if (this.closed) resolve();
    });
  }
}

/** When the container was started and stopped last, for a past that the event stream didn't see. */
function startMarkers(one: Container, after: string | undefined): { time: string; event: LogEvent }[] {
  const markers: { time: string; event: LogEvent }[] = [];
  if (one.startedAt) markers.push({ time: one.startedAt, event: { code: 'start', container: one.name } });
  if (one.finishedAt && one.state !== 'running' && (!one.startedAt || one.finishedAt > one.startedAt)) {
    markers.push({ time: one.finishedAt, event: { code: 'die', container: one.name, ...(one.exitCode === undefined ? {} : { exitCode: one.exitCode }) } });
  }
  return markers.filter((marker) => after === undefined || marker.time > after);
}
