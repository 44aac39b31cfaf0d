import type { Container } from './client.ts';
import type { LogEvent } from './log-event.ts';
import type { FeedSink, LogFeed } from './log-feed.ts';
import type { RawLine } from './log-lines.ts';
import type { LogOutbox } from './log-outbox.ts';
import { containerKey, type Position, samePosition, Skip } from './log-position.ts';
import { logTime } from './log-time.ts';

type Marker = { time: string; event: LogEvent };
type Owner = { full(): boolean; live(): void; closed(reason: Parameters<FeedSink['closed']>[0]): void };
type Marked = RawLine & { event?: LogEvent };

/** Live lines that wait while the past is still being read; above it the upstream waits, or they are read again later. */
const HELD_LINES = 20_000;
const HELD_CHARACTERS = 4 * 1024 * 1024;

/**
 * One container in one view: holds the live lines back while the past is read, then joins the two where they meet.
 */
export class LogTracker implements FeedSink {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly service: string;
  readonly tty: boolean;
  readonly feed: LogFeed;
  running: boolean;
  /** The last line read from the past. */
  position: Position | undefined;
  firstRead: { tail?: number; since?: string } = {};
  /** Starts and stops that belong into the past. */
  markers: Marker[] = [];
  private readonly owner: Owner;
  private lines: RawLine[][] = [];
  private count = 0;
  private characters = 0;
  private holding = true;
  private overflowed = 0;
  private skip: Skip | undefined;
  private mark: Position | undefined;
  private began = false;

  constructor(container: Container, feed: LogFeed, owner: Owner) {
    this.id = container.id;
    this.key = containerKey(container.id);
    this.name = container.name;
    this.service = container.service as string;
    this.tty = container.tty;
    this.running = container.state === 'running' || container.state === 'paused';
    this.feed = feed;
    this.owner = owner;
    feed.attach(this);
  }

  get full(): boolean {
    return this.holding ? this.tooMuch : this.owner.full();
  }

  get hasLive(): boolean {
    return !this.holding && this.count > 0;
  }

  private get tooMuch(): boolean {
    return this.count >= HELD_LINES || this.characters >= HELD_CHARACTERS;
  }

  push(lines: RawLine[]): void {
    if (this.holding && this.tooMuch) {
      this.overflowed += lines.length;
      return;
    }
    const rest = this.skip && !this.holding ? this.skip.rest(lines) : lines;
    if (rest.length === 0) return;
    this.lines.push(rest);
    this.count += rest.length;
    for (const line of rest) this.characters += line.line.length;
    if (!this.holding) this.owner.live();
  }

  closed(reason: Parameters<FeedSink['closed']>[0]): void {
    this.holding = false;
    this.owner.closed(reason);
  }

  /** From now on live lines wait; resolves when every later line is sure to come. */
  async hold(): Promise<void> {
    this.drop();
    this.overflowed = 0;
    this.holding = true;
    this.skip = undefined;
    await this.feed.ready;
    // Nothing may come between the mark and what is held.
    this.drop();
    this.mark = this.feed.last;
  }

  /**
   * The past is read: go on live behind it. False when live lines had to be dropped meanwhile, so that the past must be
   * read on; with `force` the loss is told instead.
   */
  join(force: boolean): boolean {
    const { position } = this;
    if (this.overflowed > 0 && !force) return false;
    const lost = this.overflowed;
    const held = this.lines.flat();
    const atLimit = this.tooMuch;
    this.drop();
    this.holding = false;
    // Read further than the mark: the live stream repeats what was read. Read just to it, or nothing to read: it doesn't.
    this.skip = position && !samePosition(position, this.mark) ? new Skip(position) : undefined;
    if (position && lost === 0 && atLimit && this.feed.sinkCount === 1) {
      // The upstream waited for this viewer alone and is far behind what was read.
      this.feed.restartFrom(position);
      this.skip = undefined;
      return true;
    }
    this.push(held);
    if (lost > 0) this.push([{ time: position?.time ?? '', n: 0, stream: 'stdout', line: '', event: { code: 'skipped', count: lost } } as Marked]);
    this.feed.wake();
    return true;
  }

  takeLive(): RawLine[] {
    const lines = this.lines.length === 1 ? (this.lines[0] as RawLine[]) : this.lines.flat();
    this.drop();
    return lines;
  }

  /** Puts the starts and stops in their place between the lines of the past; those before the first line are left out. */
  marked(lines: RawLine[]): RawLine[] | undefined {
    if (this.markers.length === 0) return lines.length > 0 ? lines : undefined;
    const end = lines.length === 0;
    const first = lines[0]?.time;
    if (!this.began && first !== undefined) {
      this.began = true;
      // A start is logged a moment before or after the first line: close is inside.
      this.markers = this.markers.filter((marker) => exact(marker) >= first || Date.parse(first) - Date.parse(marker.time) < 5000);
    }
    const last = lines[lines.length - 1]?.time;
    const due = this.markers.filter((marker) => end || (last !== undefined && exact(marker) <= last));
    this.markers = this.markers.filter((marker) => !due.includes(marker));
    if (end && !this.began && this.firstRead.tail === 0) return undefined;
    if (due.length === 0) return end ? undefined : lines;
    const out: Marked[] = [...lines];
    for (const marker of due) {
      const time = exact(marker);
      const at = out.findIndex((line) => line.time >= time);
      out.splice(at < 0 ? out.length : at, 0, { time, n: 0, stream: 'stdout', line: '', event: marker.event });
    }
    return out;
  }

  write(lines: RawLine[], outbox: LogOutbox): void {
    let from = 0;
    for (let i = 0; i < lines.length; i++) {
      const { event, time } = lines[i] as Marked;
      if (!event) continue;
      outbox.push(this.service, this.key, lines.slice(from, i));
      outbox.tell(this.service, time, event);
      from = i + 1;
    }
    outbox.push(this.service, this.key, from === 0 ? lines : lines.slice(from));
  }

  close(): void {
    this.drop();
    this.feed.detach(this);
  }

  private drop(): void {
    this.lines = [];
    this.count = 0;
    this.characters = 0;
  }
}

const exact = (marker: Marker) => logTime(marker.time) ?? marker.time;
