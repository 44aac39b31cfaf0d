import { eventWords, type LogEvent, type LogLine } from './log-event.ts';
import type { RawLine } from './log-lines.ts';
import { type Position, type Positions, positionOf } from './log-position.ts';

/**
 * Lines in a row of one service and stream, column by column: names are said once and not for every line, which is what
 * makes a flood cheap to write, to send and to read.
 */
export type LogRun = { service: string; stream: LogLine['stream']; times: string[]; lines: string[]; /** Only of a single line of stream `event`. */ event?: LogEvent };
export type LogBatch = { runs: LogRun[]; /** Every watched container's position behind these lines. */ positions: Positions };

/** The same line by line. */
export const linesOf = (runs: LogRun[]): LogLine[] => runs.flatMap(({ service, stream, times, lines, event }) => lines.map((line, i) => ({ service, stream, time: times[i] as string, line, ...(event && { event }) })));

type Line = Omit<RawLine, 'stream'> & { stream: LogLine['stream'] };
/** Lines of one container (`key`) in a row, or one event. `behind`: where the lines ended that an event stands for. */
type Piece = { service: string; lines: Line[]; key?: string; event?: LogEvent; behind?: Positions };

const BATCH_LINES = 1000;
const BATCH_MS = 50;
/** Above this the producers wait. */
const SOFT_LINES = 4000;
const SOFT_CHARACTERS = 2 * 1024 * 1024;
/** Above this lines are left out, counted and told. */
const HARD_LINES = 50_000;
const HARD_CHARACTERS = 16 * 1024 * 1024;

/** The lines on their way to one viewer: bounded, batched, and honest about what it had to leave out. */
export class LogOutbox {
  private readonly pieces: Piece[] = [];
  /** Lines of the first piece that are taken already. */
  private taken = 0;
  private count = 0;
  private characters = 0;
  private lastBatch = 0;
  private readonly positions: Positions = new Map();
  private wakeReader: (() => void) | undefined;
  private readonly wakeWriters = new Set<() => void>();
  private skipped: Piece | undefined;
  private done = false;

  get length(): number {
    return this.count;
  }

  get full(): boolean {
    return this.count >= SOFT_LINES || this.characters >= SOFT_CHARACTERS;
  }

  /** Takes lines of a container even when full, up to the hard bound; beyond it only counts. The array is kept, not copied. */
  push(service: string, key: string, lines: RawLine[]): void {
    if (this.done || lines.length === 0) return;
    let fits = 0;
    while (fits < lines.length && this.count + fits < HARD_LINES && this.characters < HARD_CHARACTERS) this.characters += (lines[fits++] as RawLine).line.length;
    if (fits > 0) this.add({ service, key, lines: fits === lines.length ? lines : lines.slice(0, fits) });
    if (fits < lines.length) this.leaveOut(service, key, lines.slice(fits));
    this.wakeReader?.();
  }

  /** Takes an event of the panel itself: it stands nowhere in a container's log, and always has room. */
  tell(service: string, time: string, event: LogEvent): void {
    if (this.done) return;
    this.add(eventPiece(service, time, event));
    this.wakeReader?.();
  }

  private add(piece: Piece): void {
    this.pieces.push(piece);
    this.count += piece.lines.length;
  }

  /** Says right here how many lines were left out. They count as delivered: a resume must not bring them in the middle of later lines. */
  private leaveOut(service: string, key: string, lines: RawLine[]): void {
    const last = this.pieces[this.pieces.length - 1];
    if (!this.skipped || this.skipped !== last) {
      this.skipped = { ...eventPiece(service, (lines[0] as RawLine).time, { code: 'skipped', count: 0 }), behind: new Map() };
      this.add(this.skipped);
    }
    const { skipped } = this;
    const count = (skipped.event as { count: number }).count + lines.length;
    Object.assign(skipped, eventPiece(skipped.service, (skipped.lines[0] as Line).time, { code: 'skipped', count }));
    skipped.behind?.set(key, positionOf(lines[lines.length - 1] as RawLine));
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

  /** The next batch: at most 1,000 lines, or what came within 50 ms. Undefined when closed. */
  async next(): Promise<LogBatch | undefined> {
    for (;;) {
      if (this.done) return undefined;
      const wait = this.count >= BATCH_LINES ? 0 : this.lastBatch + BATCH_MS - performance.now();
      if (this.count > 0 && wait <= 0) return this.take();
      await this.more(this.count > 0 ? wait : undefined);
    }
  }

  close(): void {
    this.done = true;
    this.pieces.length = 0;
    this.count = 0;
    this.wakeReader?.();
    for (const wake of this.wakeWriters) wake();
    this.wakeWriters.clear();
  }

  private take(): LogBatch {
    const runs: LogRun[] = [];
    let run: LogRun | undefined;
    for (let room = Math.min(BATCH_LINES, this.count); room > 0; ) {
      const { service, lines, event, key, behind } = this.pieces[0] as Piece;
      const end = Math.min(lines.length, this.taken + room);
      for (let i = this.taken; i < end; i++) {
        const { stream, time, line } = lines[i] as Line;
        if (run?.service !== service || run.stream !== stream || event) {
          run = { service, stream, times: [], lines: [], ...(event && { event }) };
          runs.push(run);
        }
        run.times.push(time);
        run.lines.push(line);
        if (!event) this.characters -= line.length;
      }
      if (key) this.positions.set(key, positionOf(lines[end - 1] as Line));
      for (const [other, position] of behind ?? []) this.positions.set(other, position);
      room -= end - this.taken;
      this.count -= end - this.taken;
      this.taken = end;
      if (end < lines.length) break;
      // At once, not when many have gone: what is held here is what the garbage collector has to carry.
      this.pieces.shift();
      this.taken = 0;
    }
    this.lastBatch = performance.now();
    if (!this.full) {
      for (const wake of this.wakeWriters) wake();
      this.wakeWriters.clear();
    }
    return { runs, positions: this.positions };
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
        if (ms === undefined || this.done || this.count >= BATCH_LINES) done();
      };
    });
  }
}

function eventPiece(service: string, time: string, event: LogEvent): Piece {
  return { service, event, lines: [{ stream: 'event', time, n: 0, line: eventWords(event) }] };
}
