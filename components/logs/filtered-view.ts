import type { LineBuffer } from './line-buffer.ts';

export type Rule = { services?: ReadonlySet<string>; levels?: ReadonlySet<number>; test?: (text: string) => boolean };

/**
 * Which lines are shown, as a growing list of their numbers. Looking through the buffer and following what comes are the same
 * work, done in slices by `advance`, so that half a million lines never hold up the page.
 * Positions count up for good: dropping old ones moves `start`, nothing is renumbered.
 */
export class FilteredView {
  private readonly buffer: LineBuffer;
  private list = new Float64Array(1024);
  private rule: Rule = {};
  private everything = true;
  /** The next seq to look at. */
  private scan: number;
  /** First and one past the last position. */
  start = 0;
  end = 0;
  /** Starts and stops among the shown lines, while a rule is at work. */
  events = 0;
  /** Counts up when the whole list was made anew. */
  version = 0;

  constructor(buffer: LineBuffer) {
    this.buffer = buffer;
    this.scan = this.start = this.end = buffer.start;
  }

  get size(): number { return this.end - this.start; }
  /** Share of the buffer looked through, 0 to 1. */
  get progress(): number { return this.buffer.size === 0 ? 1 : Math.min(1, Math.max(0, (this.scan - this.buffer.start) / this.buffer.size)); }
  get behind(): boolean { return this.scan < this.buffer.end; }

  setRule(rule: Rule): void {
    this.rule = rule;
    this.everything = !rule.services && !rule.levels && !rule.test;
    this.reset();
  }

  reset(): void {
    this.scan = this.start = this.end = this.buffer.start;
    this.offset = this.start;
    this.events = 0;
    this.version++;
  }
  /** Position of list[0]. */
  private offset = 0;

  /** Works until `until` (performance.now) and says whether it is up to date. */
  advance(until: number): boolean {
    const { buffer } = this;
    if (this.scan < buffer.start) this.scan = buffer.start;
    this.forget();
    if (this.everything) {
      this.scan = this.end = buffer.end;
      return true;
    }
    const { services, levels, test } = this.rule;
    let step = 0;
    while (this.scan < buffer.end) {
      if ((++step & 63) === 0 && performance.now() > until) return false;
      const seq = this.scan++;
      const { level, event, service } = buffer.marks(seq);
      if (services && !services.has(service)) continue;
      // Starts and stops are shown under any level and text: they explain gaps.
      if (!event && ((levels && !levels.has(level)) || (test && !test(buffer.text(seq))))) continue;
      if (event) this.events++;
      this.push(seq);
    }
    return true;
  }

  private push(seq: number): void {
    const at = this.end - this.offset;
    if (at === this.list.length) {
      const used = this.end - this.start;
      const bigger = used > this.list.length / 2 ? new Float64Array(this.list.length * 2) : this.list;
      bigger.set(this.list.subarray(this.start - this.offset, at));
      this.list = bigger;
      this.offset = this.start;
    }
    this.list[this.end - this.offset] = seq;
    this.end++;
  }

  /** Positions of lines that the buffer let go. */
  private forget(): void {
    if (this.everything) { this.start = Math.max(this.start, this.buffer.start); this.end = Math.max(this.end, this.start); return; }
    while (this.start < this.end && (this.list[this.start - this.offset] as number) < this.buffer.start) this.start++;
  }

  /** The number of the line at a position: start <= position < end. */
  seqAt(position: number): number { return this.everything ? position : (this.list[position - this.offset] as number); }

  /** The first position whose line number is at least `seq`; `end` when there is none. */
  positionOf(seq: number): number {
    if (this.everything) return Math.min(this.end, Math.max(this.start, seq));
    let low = this.start, high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seqAt(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
