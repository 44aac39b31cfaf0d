import type { LogLine } from './log-event.ts';
import type { Position, Positions } from './log-position.ts';

/** Where a line stands in its container's log; events of the panel itself stand nowhere. */
export type Placed = { line: LogLine; key?: string; position?: Position };
export type LogBatch = { lines: LogLine[]; /** Every watched container's position behind these lines. */ positions: Positions };

const BATCH_LINES = 500;
const BATCH_MS = 50;
/** Above this the producers wait. */
const SOFT_LINES = 4000;
const SOFT_CHARACTERS = 2 * 1024 * 1024;
/** Above this lines are left out, counted and told. */
const HARD_LINES = 50_000;
const HARD_CHARACTERS = 16 * 1024 * 1024;

/** The lines on their way to one viewer: bounded, batched, and honest about what it had to leave out. */
export class LogOutbox {
  private items: Placed[] = [];
  private head = 0;
  private characters = 0;
  private lastBatch = 0;
  private readonly positions: Positions = new Map();
  private wakeReader: (() => void) | undefined;
  private readonly wakeWriters = new Set<() => void>();
  private skipped: { placed: Placed; count: number } | undefined;
  private done = false;

  get length(): number {
    return this.items.length - this.head;
  }

  get full(): boolean {
    return this.length >= SOFT_LINES || this.characters >= SOFT_CHARACTERS;
  }

  /** Takes a line even when full, up to the hard bound; beyond it only counts. */
  push(placed: Placed): void {
    if (this.done) return;
    if (placed.line.stream !== 'event' && (this.length >= HARD_LINES || this.characters >= HARD_CHARACTERS)) {
      this.leaveOut(placed);
      return;
    }
    this.items.push(placed);
    if (placed.line.stream !== 'event') this.characters += placed.line.line.length;
    this.wakeReader?.();
  }

  /** Marks `count` lines as left out right here. */
  private leaveOut(placed: Placed): void {
    if (this.skipped && this.items[this.items.length - 1] === this.skipped.placed) {
      this.skipped.count++;
      const event = { code: 'skipped', count: this.skipped.count } as const;
      this.skipped.placed.line = { ...this.skipped.placed.line, line: `${event.count} lines skipped`, event };
      // What was left out counts as delivered: a resume must not bring it in the middle of later lines.
      this.skipped.placed.key = placed.key;
      this.skipped.placed.position = placed.position;
      return;
    }
    const line: LogLine = { service: placed.line.service, stream: 'event', time: placed.line.time, line: '1 lines skipped', event: { code: 'skipped', count: 1 } };
    this.skipped = { placed: { ...placed, line }, count: 1 };
    this.items.push(this.skipped.placed);
    this.wakeReader?.();
  }

  /** A position without a line: what a viewer that asked for no backlog starts behind. */
  place(key: string, position: Position): void {
    this.positions.set(key, position);
  }

  forget(key: string): void {
    this.positions.delete(key);
  }

  /** Resolves when there is room for more, or when the viewer has gone. */
  async room(): Promise<void> {
    while (this.full && !this.done) await new Promise<void>((resolve) => this.wakeWriters.add(resolve));
  }

  /** The next batch: at most 500 lines, or what came within 50 ms. Undefined when closed. */
  async next(): Promise<LogBatch | undefined> {
    for (;;) {
      if (this.done) return undefined;
      const wait = this.length >= BATCH_LINES ? 0 : this.lastBatch + BATCH_MS - performance.now();
      if (this.length > 0 && wait <= 0) return this.take();
      await this.more(this.length > 0 ? wait : undefined);
    }
  }

  close(): void {
    this.done = true;
    this.items = [];
    this.head = 0;
    this.wakeReader?.();
    for (const wake of this.wakeWriters) wake();
    this.wakeWriters.clear();
  }

  private take(): LogBatch {
    const lines: LogLine[] = [];
    const end = Math.min(this.items.length, this.head + BATCH_LINES);
    for (let i = this.head; i < end; i++) {
      const { line, key, position } = this.items[i] as Placed;
      lines.push(line);
      this.characters -= line.stream === 'event' ? 0 : line.line.length;
      if (key && position) this.positions.set(key, position);
    }
    this.head = end;
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
      this.characters = 0;
    } else if (this.head > 8192) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    this.lastBatch = performance.now();
    if (!this.full) {
      for (const wake of this.wakeWriters) wake();
      this.wakeWriters.clear();
    }
    return { lines, positions: this.positions };
  }

  /** Until there is a whole batch, or `ms` is over; without `ms`, until there is a line. */
  private more(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const done = () => {
        clearTimeout(timer);
        this.wakeReader = undefined;
        resolve();
      };
      if (ms !== undefined) timer = setTimeout(done, ms);
      this.wakeReader = () => {
        if (ms === undefined || this.done || this.length >= BATCH_LINES) done();
      };
    });
  }
}
