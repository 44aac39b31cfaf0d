import type { FilteredView } from './filtered-view.ts';
import type { Matcher } from './filter.ts';
import { RowHeights } from './row-heights.ts';
import { lineRow, type RowLook } from './line-row.ts';
import type { LogSession } from './log-session.ts';

export const ROW = 20;
/** Rows beyond the edges of the window that are there already. */
const OVERSCAN = 8;
/** Browsers can't make an element much higher than 17 million pixels (Firefox): older lines than this many rows aren't reachable while wrapping. */
export const MOST_ROWS = 800_000;
/** When lines come faster than anyone reads, painting takes at most this share of the time, and stands still this long at most. */
const FLOOD_SHARE = 0.2;
const FLOOD_LONGEST_MS = 400;

export type PaneOptions = {
  wrap: boolean;
  /** Time column by micros; undefined: no column. */
  time?: (micros: number) => string;
  /** The time that stands above an event's words even without a time column. */
  eventWords: (line: string, service: string, micros: number) => string;
  secretWords: string;
  /** Hide the program's own time when the column says it. */
  hideOwnTime: boolean;
  matcher?: Matcher;
  chosen: (seq: number) => boolean;
};
type Row = { element: HTMLElement; seq: number; top: number };

/**
 * The window on the lines: only what is seen exists as elements, each at its place in a box as high as all of them. Old lines
 * that go and lines measured anew are balanced by the scroll position, so that what one reads never moves.
 */
export class LinePane {
  private readonly scroller: HTMLElement;
  private readonly box: HTMLElement;
  private readonly session: LogSession;
  private options: PaneOptions;
  private rows = new Map<number, Row>();
  private heights: RowHeights | undefined;
  private columns = 80;
  private viewVersion = -1;
  private top = 0; // first position with a place in the box
  private frame = 0;
  private nextPaint = 0;
  private lastEnd = 0;
  private clientHeight = 0;
  private clientWidth = 0;
  /** Where we put the scroll position ourselves: such a scroll event is not the person's. */
  private expected = -1;
  private following = true;
  private look: RowLook | undefined;
  private readonly onScrolled: (by: 'up' | 'bottom') => void;

  constructor(scroller: HTMLElement, box: HTMLElement, session: LogSession, options: PaneOptions, onScrolled: (by: 'up' | 'bottom') => void) {
    this.scroller = scroller;
    this.box = box;
    this.session = session;
    this.options = options;
    this.onScrolled = onScrolled;
    this.measureColumns();
  }

  private get view(): FilteredView { return this.session.view; }
  private get end(): number { return this.heights ? this.heights.end : this.view.end; }
  private get totalRows(): number { return this.heights ? this.heights.total : Math.max(0, this.view.end - this.top); }
  private rowAt(position: number): number { return this.heights ? this.heights.rowAt(position) : position - this.top; }
  private positionAt(row: number): number { return this.heights ? this.heights.positionAt(row) : Math.min(this.view.end, this.top + row); }
  /** Lines that exist but have no place in the box (see MOST_ROWS). */
  get unreachable(): number { return Math.max(0, this.top - this.view.start); }
  get maxScroll(): number { return Math.max(0, Math.max(1, this.totalRows) * ROW - this.clientHeight); }

  setOptions(options: PaneOptions, rebuild: boolean): void {
    const anchor = this.anchor();
    this.options = options;
    this.look = undefined;
    this.measureColumns();
    if (rebuild || options.wrap !== Boolean(this.heights)) this.layOut();
    this.clearRows();
    this.paint(anchor);
  }

  setFollowing(following: boolean): void {
    this.following = following;
    if (following) this.schedule(true);
  }

  /** The window got another size. */
  resized(): void {
    const before = this.columns;
    const anchor = this.anchor();
    this.measureColumns();
    if (this.heights && before !== this.columns) this.layOut();
    this.paint(anchor);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.clearRows();
  }

  /** Something changed: paint with the next frame, or a little later when lines come in a flood. */
  schedule(soon = false): void {
    if (soon) this.nextPaint = 0;
    if (this.frame) return;
    const run = () => {
      this.frame = 0;
      if (this.following && this.flooded() && performance.now() < this.nextPaint) { this.frame = requestAnimationFrame(run); return; }
      this.paint();
    };
    this.frame = requestAnimationFrame(run);
  }
  private flooded(): boolean { return this.view.end - this.lastEnd > 40; }

  /** What stands at the top edge: kept there over every change of layout. */
  private anchor(): { seq: number; offset: number } | undefined {
    if (this.following || this.totalRows === 0 || this.viewVersion !== this.view.version) return this.lastAnchor;
    const position = this.positionAt(Math.floor(this.scroller.scrollTop / ROW));
    if (position >= this.end) return undefined;
    return (this.lastAnchor = { seq: this.view.seqAt(position), offset: this.scroller.scrollTop - this.rowAt(position) * ROW });
  }
  private lastAnchor: { seq: number; offset: number } | undefined;

  private measureColumns(): void {
    this.clientHeight = this.scroller.clientHeight;
    this.clientWidth = this.scroller.clientWidth;
    const probe = document.createElement('span');
    probe.textContent = '0'.repeat(100);
    probe.className = 'absolute invisible';
    this.box.append(probe);
    const width = probe.getBoundingClientRect().width / 100 || 7.5;
    probe.remove();
    const phone = this.clientWidth < 640;
    const { wrap, time } = this.options;
    const one = this.scroller.classList.contains('one-service');
    const aside = phone ? (wrap ? 19 : one ? 19 : 75) : 3 + 12 + 16 + (time ? 14 * width + 12 : 0) + (one ? 0 : 10.5 * width + 12);
    this.columns = Math.max(10, Math.floor((this.clientWidth - aside) / width));
  }

  /** Rows that a line probably takes; what is seen is measured and put right. */
  private guess(position: number): number {
    const rows = Math.max(1, Math.ceil(this.session.buffer.text(this.view.seqAt(position)).length / this.columns));
    return this.clientWidth < 640 ? rows + 1 : rows;
  }

  /** Gives every line its place anew. */
  private layOut(): void {
    const { view } = this;
    this.viewVersion = view.version;
    this.clearRows();
    if (!this.options.wrap) {
      this.heights = undefined;
      this.top = Math.max(view.start, view.end - MOST_ROWS);
      return;
    }
    const guesses = new Uint16Array(view.size);
    let first = view.end;
    let rows = 0;
    while (first > view.start && rows < MOST_ROWS * 0.9) rows += guesses[--first - view.start] = this.guess(first);
    this.top = first;
    this.heights = new RowHeights(first);
    for (let position = first; position < view.end; position++) this.heights.push(guesses[position - view.start] as number);
  }

  private clearRows(): void {
    for (const { element } of this.rows.values()) element.remove();
    this.rows.clear();
  }

  /** Takes over what came and went; the pixels that went above. */
  private takeOver(): number {
    const { view } = this;
    if (this.viewVersion !== view.version || this.top > view.end || (this.heights && this.heights.end < view.start)) {
      this.layOut();
      return 0;
    }
    if (this.heights) for (let position = this.heights.end; position < view.end; position++) this.heights.push(this.guess(position));
    let start = Math.max(this.top, view.start);
    if (this.following && this.totalRows - (this.heights ? 0 : start - this.top) > MOST_ROWS) start = this.heights ? this.heights.positionAt(this.totalRows - MOST_ROWS) : view.end - MOST_ROWS;
    if (start <= this.top) return 0;
    let gone: number;
    if (this.heights) { gone = this.heights.rowAt(Math.min(start, this.heights.end)); this.heights.trim(start); }
    else gone = start - this.top;
    this.top = start;
    return gone * ROW;
  }

  paint(anchor?: { seq: number; offset: number }): void {
    const started = performance.now();
    const { view } = this;
    const versionBefore = this.viewVersion;
    const gone = this.takeOver();
    this.lastEnd = view.end;
    const keep = anchor ?? (versionBefore !== this.viewVersion && !this.following ? this.lastAnchor : undefined);
    let top: number | undefined;
    if (this.following) top = this.maxScroll;
    else if (keep) top = this.rowAt(Math.min(this.end, Math.max(this.top, view.positionOf(keep.seq)))) * ROW + keep.offset;
    else if (gone) top = Math.max(0, this.scroller.scrollTop - gone);
    this.scroller.toggleAttribute('data-some', view.size > view.events && this.session.buffer.counts.some((each) => each > 0));
    this.setHeight();
    const settled = this.fill(top);
    // Layout is forced here and not at the end of the frame, so that its cost is known.
    if (top !== undefined) this.scrollTo(settled);
    const now = performance.now();
    this.nextPaint = now + Math.min(FLOOD_LONGEST_MS, (now - started) / FLOOD_SHARE);
  }

  private height = 0;
  private setHeight(): void {
    const height = Math.max(1, this.totalRows) * ROW;
    if (height === this.height) return;
    this.height = height;
    this.box.style.setProperty('height', `${height}px`);
  }

  private scrollTo(top: number): void {
    const wanted = Math.min(Math.max(0, top), this.maxScroll);
    if (Math.abs(this.scroller.scrollTop - wanted) < 1) return;
    this.scroller.scrollTop = wanted;
    this.expected = wanted;
  }

  /** Makes the rows of the window, takes away the others, and in wrapping measures the new ones. `at`: where the window is about to be; answers where it is in the end. */
  private fill(at?: number): number {
    let scrollTop = at ?? this.scroller.scrollTop;
    for (let round = 0; round < 3; round++) {
      const { first, last } = this.window(scrollTop);
      const pinned = this.pinned();
      for (const [position, row] of this.rows) {
        if ((position < first || position >= last || position < this.top) && !pinned.has(position)) { row.element.remove(); this.rows.delete(position); }
      }
      const made: number[] = [];
      let after: Element | null = null;
      for (let position = last - 1; position >= first; position--) {
        let row = this.rows.get(position);
        if (!row) {
          row = this.make(position);
          this.box.insertBefore(row.element, after);
          this.rows.set(position, row);
          made.push(position);
        }
        after = row.element;
        this.place(position, row);
      }
      if (!this.heights || made.length === 0) return scrollTop;
      const moved = this.measure(made, scrollTop);
      if (moved === undefined) return scrollTop;
      scrollTop = moved;
    }
    return scrollTop;
  }

  private window(scrollTop: number): { first: number; last: number } {
    const top = Math.floor(scrollTop / ROW);
    const bottom = Math.ceil((scrollTop + this.clientHeight) / ROW);
    return { first: Math.max(this.top, this.positionAt(Math.max(0, top)) - OVERSCAN), last: Math.min(this.end, this.positionAt(bottom) + OVERSCAN) };
  }

  private place(position: number, row: Row): void {
    const top = this.rowAt(position) * ROW;
    if (row.top === top) return;
    row.top = top;
    row.element.style.setProperty('transform', `translateY(${top}px)`);
  }

  /** Where the window stands after wrong heights were put right; undefined when none was. */
  private measure(made: number[], scrollTop: number): number | undefined {
    const heights = this.heights as RowHeights;
    const topPosition = this.positionAt(Math.floor(scrollTop / ROW));
    const real = made.map((position) => Math.max(1, Math.round((this.rows.get(position) as Row).element.offsetHeight / ROW)));
    let shift = 0;
    let wrong = false;
    made.forEach((position, i) => {
      const change = heights.set(position, real[i] as number);
      if (change === 0) return;
      wrong = true;
      if (position < topPosition) shift += change * ROW;
    });
    if (!wrong) return undefined;
    this.setHeight();
    const next = this.following ? this.maxScroll : scrollTop + shift;
    this.scrollTo(next);
    for (const [position, row] of this.rows) this.place(position, row);
    return next;
  }

  private make(position: number): Row {
    const seq = this.view.seqAt(position);
    const line = this.session.buffer.line(seq);
    const { options } = this;
    this.look ??= { time: options.time, eventWords: options.eventWords, secretWords: options.secretWords, hideOwnTime: options.hideOwnTime, matcher: options.matcher, most: options.wrap ? undefined : Math.ceil(this.columns * 1.1) + 40 };
    const element = lineRow(line, this.look);
    element.dataset.seq = String(seq);
    if (options.chosen(seq)) element.classList.add('chosen');
    return { element, seq, top: -1 };
  }

  /** Rows that a text selection starts or ends in stay, wherever one scrolls. */
  private pinned(): Set<number> {
    const out = new Set<number>();
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return out;
    for (const node of [selection.anchorNode, selection.focusNode]) {
      const seq = this.seqOf(node);
      if (seq !== undefined) out.add(this.view.positionOf(seq));
    }
    return out;
  }

  /** The line that a node of the view belongs to. */
  seqOf(node: Node | null): number | undefined {
    const element = node instanceof Element ? node : node?.parentElement;
    const row = element?.closest<HTMLElement>('[data-seq]');
    return row && this.box.contains(row) ? Number(row.dataset.seq) : undefined;
  }

  /** Marks the chosen lines anew without touching anything else. */
  markChosen(): void {
    for (const { element, seq } of this.rows.values()) element.classList.toggle('chosen', this.options.chosen(seq));
  }
  setChosen(chosen: (seq: number) => boolean): void {
    this.options = { ...this.options, chosen };
    this.markChosen();
  }

  /** From the scroll event. */
  scrolled(): void {
    const { scrollTop } = this.scroller;
    const ours = Math.abs(scrollTop - this.expected) < 2;
    this.expected = -1;
    if (!ours) {
      const { maxScroll } = this;
      if (maxScroll - scrollTop < 4) this.onScrolled('bottom');
      else if (this.following) this.onScrolled('up');
    }
    if (!this.following) this.anchor();
    this.fill();
  }

  /** Is there anything above that a turn of the wheel could reach? */
  canScrollUp(): boolean { return this.scroller.scrollTop > 0; }

  toTop(): void { this.scroller.scrollTop = 0; this.fill(); }
  toBottom(): void { this.scrollTo(this.maxScroll); this.fill(); }

  /** Brings a line into view: to the middle when it was out of sight. */
  reveal(seq: number, middle = false): void {
    const row = this.rowAt(Math.max(this.top, this.view.positionOf(seq))) * ROW;
    const { scrollTop } = this.scroller;
    const { clientHeight } = this;
    if (middle || row < scrollTop - 1 || row + ROW > scrollTop + clientHeight + 1) {
      this.scrollTo(Math.max(0, middle ? row - clientHeight / 2 : row < scrollTop ? row - ROW * 2 : row - clientHeight + ROW * 3));
    }
    this.anchor();
    this.fill();
  }
}
