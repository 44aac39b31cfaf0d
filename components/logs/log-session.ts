import { FilteredView, type Rule } from './filtered-view.ts';
import { type Limits, LineBuffer, type LogLine } from './line-buffer.ts';
import { readRuns } from './log-run.ts';
import { openLogStream, type StreamStatus } from './log-stream.ts';
import type { SseMessage } from './sse-reader.ts';

/** What is kept while following, and how much more while standing still before the stream is let go. */
export const LIMITS: { following: Limits; paused: Limits } = {
  following: { lines: 500_000, characters: 150_000_000 },
  paused: { lines: 750_000, characters: 220_000_000 },
};
/** Work is done in slices of this many milliseconds, with the browser's turn in between. */
const SLICE_MS = 9;

const QUIET_MS = 2000;

const channel = typeof MessageChannel === 'undefined' ? undefined : new MessageChannel();
const waiting: (() => void)[] = [];
if (channel) channel.port1.onmessage = () => waiting.shift()?.();
/** Lets the browser paint and take input; unlike a timer it isn't slowed down in a tab behind others. */
const nextTurn = () => new Promise<void>((resolve) => {
  if (!channel) { setTimeout(resolve, 0); return; }
  waiting.push(resolve);
  channel.port2.postMessage(0);
});

/**
 * One view of the logs without its looks: the stream, the lines, what is shown of them. Tells its listener that something
 * changed; says nothing more often than it is asked.
 */
export class LogSession {
  buffer = new LineBuffer();
  view = new FilteredView(this.buffer);
  status: StreamStatus = { state: 'closed' };
  /** Lines that the server says it could not deliver. */
  lost = 0;
  /** Lines received since the session began; for the rate and for measuring. */
  received = 0;
  /** The first answer after opening, and its backlog, have come. */
  arrived: 'nothing' | 'first' | 'backlog' = 'nothing';
  /** The stream was let go: for a full buffer while standing still, or because nobody looks. */
  heldBy: 'full' | 'hidden' | undefined;
  private following = true;
  private fresh = true;
  private resumeId = '';
  private question = '';
  /** Counts connections; and questions, which make a message that is half taken worthless. */
  private run = 0;
  private asked = 0;
  private taking: Promise<void> = Promise.resolve();
  private stream: { close(): void } | undefined;
  private pumping = false;
  private readonly changed: () => void;
  private readonly signedOut: () => void;
  private readonly limits: typeof LIMITS;
  private readonly endpoint: string;
  private lastEngineEvent = 'engine-back';
  private quiet: ReturnType<typeof setTimeout> | undefined;
  /** When the stream was opened last (performance.now). */
  openedAt = Number.POSITIVE_INFINITY;
  private rateAt: { at: number; received: number }[] = [];

  constructor(options: { onChange: () => void; onSignedOut: () => void; endpoint?: string; limits?: typeof LIMITS }) {
    this.changed = options.onChange;
    this.signedOut = options.onSignedOut;
    this.endpoint = options.endpoint ?? '/api/logs/stream';
    this.limits = options.limits ?? LIMITS;
  }

  /** Asks anew. What is shown stays until the first answer is there, so that nothing flashes. */
  open(question: string): void {
    this.question = question;
    this.resumeId = '';
    this.fresh = true;
    this.arrived = 'nothing';
    this.lost = 0;
    this.lastEngineEvent = 'engine-back';
    this.asked++;
    this.connect();
  }

  /** Goes on where it is with fewer services; lines that are there stay. */
  narrow(question: string): void {
    this.question = question;
    if (!this.resumeId) { this.open(question); return; }
    if (!this.heldBy) void this.taking.then(() => { if (this.question === question && this.stream && !this.heldBy) this.connect(); });
  }

  private connect(): void {
    this.stream?.close();
    this.heldBy = undefined;
    const run = ++this.run;
    this.stream = openLogStream({
      url: `${this.endpoint}?${this.question}`,
      lastId: this.resumeId,
      onMessages: (messages) => (this.taking = this.take(messages, run)),
      onStatus: (status) => {
        if (run !== this.run) return;
        this.status = status;
        this.openedAt = status.state === 'open' ? performance.now() : Number.POSITIVE_INFINITY;
        this.changed();
      },
      onSignedOut: this.signedOut,
    });
  }

  close(): void {
    this.asked++;
    this.letGo();
  }

  private letGo(): void {
    clearTimeout(this.quiet);
    this.run++;
    this.stream?.close();
    this.stream = undefined;
    this.status = { state: 'closed' };
  }

  /** Lets the stream go without forgetting where it was. */
  hold(why: 'full' | 'hidden' = 'hidden'): void {
    if (this.heldBy || !this.stream) return;
    this.letGo();
    this.heldBy = why;
    this.changed();
  }

  /** Goes on after `hold`. */
  async release(): Promise<void> {
    if (!this.heldBy) return;
    await this.taking; // a message half taken is finished first, or its lines would come twice
    if (this.heldBy) this.connect();
  }

  /** Standing still, old lines stay; following, the limits hold again. */
  setFollowing(following: boolean): void {
    this.following = following;
    if (!following) return;
    this.buffer.trim(this.limits.following);
    void this.release();
    void this.pump();
  }

  setRule(rule: Rule): void {
    this.view.setRule(rule);
    void this.pump();
    this.changed();
  }

  /** Lines a second over the last two seconds. */
  rate(now: number): number {
    this.rateAt.push({ at: now, received: this.received });
    while (this.rateAt.length > 2 && now - (this.rateAt[1] as { at: number }).at >= 2000) this.rateAt.shift();
    const first = this.rateAt[0] as { at: number; received: number };
    return now > first.at ? ((this.received - first.received) / (now - first.at)) * 1000 : 0;
  }

  private async take(messages: SseMessage[], run: number): Promise<void> {
    const { asked } = this;
    let until = performance.now() + SLICE_MS;
    clearTimeout(this.quiet);
    for (const message of messages) {
      if (run !== this.run) return;
      if (this.fresh) {
        this.fresh = false;
        this.buffer.clear();
        this.view.reset();
      }
      const runs = readRuns(message.data);
      for (const { service, stream, times, lines, event } of runs) {
        for (let i = 0; i < lines.length; i++) {
          const line = lines[i] as string;
          this.add({ service, stream, time: times[i] as string, line, event });
          if (((this.received & 31) === 31 || line.length > 2000) && performance.now() > until) {
            this.view.advance(performance.now() + 2);
            this.changed();
            await nextTurn();
            if (asked !== this.asked) return;
            until = performance.now() + SLICE_MS;
          }
        }
      }
      if (message.id) this.resumeId = message.id;
      if (runs.length > 0 && this.arrived === 'nothing') {
        this.arrived = 'first';
        performance.mark('logs:first');
      }
      if (!this.following && this.buffer.full(this.limits.paused)) {
        this.view.advance(performance.now() + 2);
        void this.pump();
        this.hold('full');
        return;
      }
    }
    if (this.following) this.buffer.trim(this.limits.following);
    this.view.advance(performance.now() + 2);
    void this.pump();
    this.changed();
    if (this.arrived === 'first') this.awaitQuiet(performance.now());
    if (performance.now() > until) await nextTurn();
  }

  /** Nothing marks the end of a backlog in the stream: the first short silence does. */
  private awaitQuiet(last: number): void {
    this.quiet = setTimeout(() => {
      this.arrived = 'backlog';
      performance.mark('logs:done', { startTime: last });
      this.changed();
    }, QUIET_MS);
  }

  private add(line: LogLine): void {
    this.received++;
    if (line.stream === 'event' && line.event) {
      const { code, count } = line.event as { code: string; count?: number };
      if (code === 'skipped') this.lost += count ?? 0;
      // Said of every service at once; one line is enough.
      if (code.startsWith('engine-')) {
        if (code === this.lastEngineEvent) return;
        this.lastEngineEvent = code;
      }
    }
    this.buffer.add(line);
    if (this.following && (this.buffer.end & 4095) === 0) this.buffer.trim(this.limits.following);
  }

  /** Looks through what the view hasn't seen, slice by slice. */
  private async pump(): Promise<void> {
    if (this.pumping || !this.view.behind) return;
    this.pumping = true;
    try {
      do {
        this.view.advance(performance.now() + SLICE_MS);
        this.changed();
        await nextTurn();
      } while (this.view.behind);
    } finally {
      this.pumping = false;
    }
  }
}
