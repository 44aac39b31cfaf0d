import type { FilteredView } from './filtered-view.ts';
import type { Matcher } from './filter.ts';
import { lineRow, type RowLook } from './line-row.ts';
import type { LogSession } from './log-session.ts';
import { PaneLayout, ROW } from './pane-layout.ts';

/** Rows beyond the edges of the window that are there already. */
const OVERSCAN = 8;
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
type Anchor = { seq: number; offset: number };
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
  private readonly layout: PaneLayout;
  private columns = 80;
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
    this.layout = new PaneLayout(session);
    this.options = options;
    this.onScrolled = onScrolled;
    this.measureColumns();
    this.layOut();
  }

  private get view(): FilteredView { return this.session.view; }
  get unreachable(): number { return this.layout.unreachable; }
  get maxScroll(): number { return Math.max(0, Math.max(1, this.layout.totalRows) * ROW - this.clientHeight); }

  setOptions(options: PaneOptions): void {
    const anchor = this.anchor();
    const before = this.columns;
    this.options = options;
    this.look = undefined;
    this.measureColumns();
    if (options.wrap !== this.layout.wraps || (options.wrap && before !== this.columns)) this.layOut();
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
    if (this.layout.wraps && before !== this.columns) this.layOut();
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

  private lastAnchor: Anchor | undefined;
  /** A place to come back to once the filter has looked through everything. */
  private pendingAnchor: Anchor | undefined;

  /** What stands at the top edge: kept there over every change of layout. */
  private anchor(): Anchor | undefined {
    const { layout, view } = this;
    if (this.following || layout.totalRows === 0 || layout.version !== view.version || this.pendingAnchor) return this.pendingAnchor ?? this.lastAnchor;
    const position = layout.positionAt(Math.floor(this.scroller.scrollTop / ROW));
    if (position >= layout.end) return undefined;
    this.lastAnchor = { seq: view.seqAt(position), offset: this.scroller.scrollTop - layout.rowAt(position) * ROW };
    return this.lastAnchor;
  }

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

  private layOut(): void {
    this.clearRows();
    this.layout.layOut(this.options.wrap ? { columns: this.columns, extra: this.clientWidth < 640 ? 1 : 0 } : undefined);
  }

  private clearRows(): void {
    for (const { element } of this.rows.values()) element.remove();
    this.rows.clear();
  }

  paint(anchor?: Anchor): void {
    const started = performance.now();
    const { view, layout } = this;
    const gone = layout.takeOver(this.following);
    if (gone === undefined) {
      this.clearRows();
      this.pendingAnchor = this.following ? undefined : this.lastAnchor;
    }
    this.lastEnd = view.end;
    const keep = anchor ?? this.pendingAnchor;
    if (!view.behind) this.pendingAnchor = undefined;
    let top: number | undefined;
    if (this.following) top = this.maxScroll;
    else if (keep) top = layout.rowAt(Math.min(layout.end, Math.max(layout.top, view.positionOf(keep.seq)))) * ROW + keep.offset;
    else if (gone) top = Math.max(0, this.scroller.scrollTop - gone * ROW);
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
    const height = Math.max(1, this.layout.totalRows) * ROW;
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
        if ((position < first || position >= last || position < this.layout.top) && !pinned.has(position)) { row.element.remove(); this.rows.delete(position); }
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
      if (!this.layout.wraps || made.length === 0) return scrollTop;
      const moved = this.measure(made, scrollTop);
      if (moved === undefined) return scrollTop;
      scrollTop = moved;
    }
    return scrollTop;
  }

  private window(scrollTop: number): { first: number; last: number } {
    const top = Math.floor(scrollTop / ROW);
    const bottom = Math.ceil((scrollTop + this.clientHeight) / ROW);
    return { first: Math.max(this.layout.top, this.layout.positionAt(Math.max(0, top)) - OVERSCAN), last: Math.min(this.layout.end, this.layout.positionAt(bottom) + OVERSCAN) };
  }

  private place(position: number, row: Row): void {
    const top = this.layout.rowAt(position) * ROW;
    if (row.top === top) return;
    row.top = top;
    row.element.style.setProperty('transform', `translateY(${top}px)`);
  }

  /** Where the window stands after wrong heights were put right; undefined when none was. */
  private measure(made: number[], scrollTop: number): number | undefined {
    const topPosition = this.layout.positionAt(Math.floor(scrollTop / ROW));
    const real = made.map((position) => Math.max(1, Math.round((this.rows.get(position) as Row).element.offsetHeight / ROW)));
    let shift = 0;
    let wrong = false;
    made.forEach((position, i) => {
      const change = this.layout.correct(position, real[i] as number);
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
      this.pendingAnchor = undefined;
      // The end of what is painted: lines that came since aren't in the box yet.
      if (this.height - this.clientHeight - scrollTop < 4) this.onScrolled('bottom');
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
    const row = this.layout.rowAt(Math.max(this.layout.top, this.view.positionOf(seq))) * ROW;
    const { scrollTop } = this.scroller;
    const { clientHeight } = this;
    if (middle || row < scrollTop - 1 || row + ROW > scrollTop + clientHeight + 1) {
      this.scrollTo(Math.max(0, middle ? row - clientHeight / 2 : row < scrollTop ? row - ROW * 2 : row - clientHeight + ROW * 3));
    }
    this.anchor();
    this.fill();
  }
}
