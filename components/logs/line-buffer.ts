import { cleanLine } from './ansi.ts';
import { continues, findLevel, levelNumber, levels } from './level.ts';
import type { LogRun } from './log-run.ts';

export type LogLine = Pick<LogRun, 'service' | 'stream' | 'event'> & { time: string; line: string };
export type StoredLine = { seq: number; service: string; stream: LogLine['stream']; /** Microseconds since 1970; NaN when the line has no time. */ time: number; level: number; text: string; runs: string };

const CHUNK = 4096;
type Chunk = { text: string[]; runs: string[]; time: Float64Array; /** level | stream << 3 | service << 5 */ marks: Uint16Array; characters: number };
const STREAMS = ['stdout', 'stderr', 'event'] as const;
/** A line without a level follows the one before it of the same service only when it comes at once. */
const CONTINUES_WITHIN = 2_000_000;

export type Limits = { lines: number; characters: number };

/**
 * The newest lines, bounded by count and by characters, in chunks: columns of typed arrays and strings, no object a line.
 * Every line has a number (`seq`) that it keeps for good; old ones go a chunk at a time.
 */
export class LineBuffer {
  private chunks: Chunk[] = [];
  private names: string[] = [];
  private numbers = new Map<string, number>();
  private lastLevel: { level: number; time: number }[] = [];
  private characters = 0;
  private second = '';
  private secondMs = Number.NaN;
  /** First and one past the last seq held. */
  start = 0;
  end = 0;
  /** Lines that went because the buffer was full. */
  dropped = 0;
  /** Lines held of each level (order of `levels`), events not counted. */
  readonly counts = new Uint32Array(levels.length);

  get size(): number { return this.end - this.start; }

  /** Microseconds since 1970 of an RFC 3339 time; one Date.parse a second. */
  private micros(time: string): number {
    const second = time.slice(0, 19);
    if (second !== this.second) {
      this.second = second;
      this.secondMs = Date.parse(`${second}Z`);
    }
    if (time.charCodeAt(time.length - 1) !== 90) return Date.parse(time) * 1000;
    const fraction = time.length > 20 ? Number(time.slice(19, -1)) : 0;
    return this.secondMs * 1000 + Math.floor(fraction * 1e6);
  }

  add(line: LogLine): void {
    let chunk = this.chunks[this.chunks.length - 1];
    if (!chunk || chunk.text.length === CHUNK) {
      chunk = { text: [], runs: [], time: new Float64Array(CHUNK), marks: new Uint16Array(CHUNK), characters: 0 };
      this.chunks.push(chunk);
    }
    let service = this.numbers.get(line.service);
    if (service === undefined) {
      service = Math.min(this.names.length, 2047);
      this.names[service] = line.service;
      this.numbers.set(line.service, service);
    }
    const time = this.micros(line.time);
    const event = line.stream === 'event';
    const { text, runs } = event ? { text: line.event ? JSON.stringify(line.event) : line.line, runs: '' } : cleanLine(line.line);
    let level = levelNumber.none;
    if (!event) {
      const found = findLevel(text);
      const last = this.lastLevel[service];
      if (found) {
        level = levelNumber[found.level];
        this.lastLevel[service] = { level, time };
      } else if (last && continues(text) && !(time - last.time > CONTINUES_WITHIN)) {
        level = last.level;
        last.time = time;
      } else if (last) last.level = levelNumber.none;
      this.counts[level]!++;
    }
    const at = chunk.text.length;
    chunk.text.push(text);
    chunk.runs.push(runs);
    chunk.time[at] = time;
    chunk.marks[at] = level | (STREAMS.indexOf(line.stream) << 3) | (service << 5);
    chunk.characters += text.length + runs.length;
    this.characters += text.length + runs.length;
    this.end++;
  }

  /** Would one more line go beyond the limits? */
  full(limits: Limits): boolean { return this.size >= limits.lines || this.characters >= limits.characters; }

  /** Lets go of the oldest chunks until the limits hold; the newest chunk stays. */
  trim(limits: Limits): void {
    while (this.chunks.length > 1 && (this.size > limits.lines || this.characters > limits.characters)) {
      const [gone] = this.chunks.splice(0, 1) as [Chunk];
      for (let i = 0; i < gone.text.length; i++) if (((gone.marks[i] as number) >> 3 & 3) !== 2) this.counts[(gone.marks[i] as number) & 7]!--;
      this.characters -= gone.characters;
      this.start += gone.text.length;
      this.dropped += gone.text.length;
    }
  }

  clear(): void {
    this.chunks = [];
    this.characters = 0;
    this.counts.fill(0);
    this.lastLevel = [];
    this.start = this.end;
    this.dropped = 0;
  }

  private place(seq: number): [Chunk, number] {
    const offset = seq - this.start;
    return [this.chunks[Math.floor(offset / CHUNK)] as Chunk, offset % CHUNK];
  }
  /** The callers below pass a seq that is held: start <= seq < end. */
  text(seq: number): string { const [chunk, at] = this.place(seq); return chunk.text[at] as string; }
  time(seq: number): number { const [chunk, at] = this.place(seq); return chunk.time[at] as number; }
  marks(seq: number): { level: number; event: boolean; service: string } {
    const [chunk, at] = this.place(seq);
    const marks = chunk.marks[at] as number;
    return { level: marks & 7, event: ((marks >> 3) & 3) === 2, service: this.names[marks >> 5] as string };
  }
  line(seq: number): StoredLine {
    const [chunk, at] = this.place(seq);
    const marks = chunk.marks[at] as number;
    return { seq, service: this.names[marks >> 5] as string, stream: STREAMS[(marks >> 3) & 3] as LogLine['stream'], time: chunk.time[at] as number, level: marks & 7, text: chunk.text[at] as string, runs: chunk.runs[at] as string };
  }
  services(): readonly string[] { return this.names; }
}
