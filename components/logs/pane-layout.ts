import type { FilteredView } from './filtered-view.ts';
import type { LineBuffer } from './line-buffer.ts';
import { RowHeights } from './row-heights.ts';

/** Height of one text row in pixels; logs.css says the same. */
export const ROW = 20;
/** Browsers can't make an element much higher than 17 million pixels (Firefox): lines older than this many rows have no place. */
export const MOST_ROWS = 800_000;

/** How a line breaks: undefined when it doesn't. `extra`: rows that every line has besides its text. */
export type Wrapping = { columns: number; extra: number };

/**
 * Which row of the box each shown line stands in. Without wrapping that is counting; with it, guesses from the line's length
 * that are put right once a line is seen.
 */
export class PaneLayout {
  private readonly source: { readonly view: FilteredView; readonly buffer: LineBuffer };
  private heights: RowHeights | undefined;
  private wrapping: Wrapping | undefined;
  /** The view's version that was laid out; -1: none. */
  version = -1;
  /** First position with a place. */
  top = 0;

  constructor(source: { readonly view: FilteredView; readonly buffer: LineBuffer }) {
    this.source = source;
  }

  get wraps(): boolean { return this.heights !== undefined; }
  get end(): number { return this.heights ? this.heights.end : this.source.view.end; }
  get totalRows(): number { return this.heights ? this.heights.total : Math.max(0, this.source.view.end - this.top); }
  rowAt(position: number): number { return this.heights ? this.heights.rowAt(position) : position - this.top; }
  positionAt(row: number): number { return this.heights ? this.heights.positionAt(row) : Math.min(this.source.view.end, this.top + row); }
  /** Lines that exist but have no place in the box (see MOST_ROWS). */
  get unreachable(): number { return Math.max(0, this.top - this.source.view.start); }

  private guess(position: number, { columns, extra }: Wrapping): number {
    const { buffer, view } = this.source;
    return Math.max(1, Math.ceil(buffer.text(view.seqAt(position)).length / columns)) + extra;
  }

  /** Gives every line its place anew. */
  layOut(wrapping: Wrapping | undefined): void {
    const { view } = this.source;
    this.version = view.version;
    this.wrapping = wrapping;
    if (!wrapping) {
      this.heights = undefined;
      this.top = Math.max(view.start, view.end - MOST_ROWS);
      return;
    }
    const guesses = new Uint16Array(view.size);
    let first = view.end;
    let rows = 0;
    while (first > view.start && rows < MOST_ROWS * 0.9) {
      first--;
      const guess = this.guess(first, wrapping);
      guesses[first - view.start] = guess;
      rows += guess;
    }
    this.top = first;
    this.heights = new RowHeights(first);
    for (let position = first; position < view.end; position++) this.heights.push(guesses[position - view.start] as number);
  }

  /** Takes over what came and went since; the rows that went above, or undefined when all was laid out anew. `trim`: too many rows may go too. */
  takeOver(trim: boolean): number | undefined {
    const { view } = this.source;
    if (this.version !== view.version || this.top > view.end || (this.heights && this.heights.end < view.start)) {
      this.layOut(this.wrapping);
      return undefined;
    }
    const { heights, wrapping } = this;
    if (heights && wrapping) for (let position = heights.end; position < view.end; position++) heights.push(this.guess(position, wrapping));
    let start = Math.max(this.top, view.start);
    const over = trim ? this.totalRows - (heights ? 0 : start - this.top) - MOST_ROWS : 0;
    if (over > 0) start = Math.max(start, heights ? heights.positionAt(over) : view.end - MOST_ROWS);
    if (start <= this.top) return 0;
    const gone = heights ? heights.rowAt(Math.min(start, heights.end)) : start - this.top;
    heights?.trim(start);
    this.top = start;
    return gone;
  }

  /** Puts a guess right; the difference in rows. */
  correct(position: number, rows: number): number {
    return this.heights?.set(position, rows) ?? 0;
  }
}
