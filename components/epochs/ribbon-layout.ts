/** Where everything of the epoch ribbon stands, in pixels: pure, so that "no text overlaps" is a test and not a hope. */
import type { EpochView } from './epoch-view.ts';

export type StretchKind = 'serve' | 'gen' | 'gap' | 'val' | 'set';
export type Stretch = { id: string; kind: StretchKind; from: number; to: number; /** Whose set serves, or is being made. */ epoch: number };
export type Mark = { block: number; label: string };
export type Placed = Stretch & { x: number; width: number; /** Inside the band, where it fits whole. */ label?: { x: number; text: string; future: boolean } };
export type AxisLabel = { x: number; anchor: 'start' | 'middle' | 'end'; lines: readonly string[]; tick: number };
export type Measure = (text: string, small?: boolean) => number;

/** The stretches from the effective epoch's service up to the end of the next one. */
export function stretchesOf(clock: Pick<EpochView, 'stages' | 'next' | 'epoch' | 'height'>): { list: Stretch[]; startEstimated: boolean } {
  const inPoc = clock.height < clock.stages.setNewValidators && clock.stages.epoch > 0;
  const coming = inPoc ? clock.stages : clock.next;
  const length = coming.nextPocStart - coming.pocStart;
  // While a PoC runs, the answer no longer says when the effective epoch began: one epoch length before its end.
  const begin = inPoc ? Math.max(0, coming.setNewValidators - length) : clock.stages.setNewValidators;
  const serving = coming.epoch - 1;
  const all: Stretch[] = [
    { id: 'serve', kind: 'serve', from: begin, to: coming.pocStart, epoch: serving },
    { id: 'gen', kind: 'gen', from: coming.pocStart, to: coming.pocGenerationEnd, epoch: coming.epoch },
    { id: 'gap', kind: 'gap', from: coming.pocGenerationEnd, to: coming.pocValidationStart, epoch: coming.epoch },
    { id: 'val', kind: 'val', from: coming.pocValidationStart, to: coming.pocValidationEnd, epoch: coming.epoch },
    { id: 'set', kind: 'set', from: coming.pocValidationEnd, to: coming.setNewValidators, epoch: coming.epoch },
    { id: 'next', kind: 'serve', from: coming.setNewValidators, to: coming.nextPocStart, epoch: coming.epoch },
  ];
  return { list: all.filter((stretch) => stretch.to > stretch.from), startEstimated: inPoc };
}

/** Widths by blocks; what would be too narrow to see gets its least width, and the long ones share the rest by blocks. */
export function widthsOf(list: readonly Stretch[], width: number, least: (stretch: Stretch) => number): number[] {
  const fixed = new Map<number, number>();
  for (;;) {
    const left = width - [...fixed.values()].reduce((sum, each) => sum + each, 0);
    const blocks = list.reduce((sum, stretch, i) => (fixed.has(i) ? sum : sum + stretch.to - stretch.from), 0);
    const narrow = list.findIndex((stretch, i) => !fixed.has(i) && (left * (stretch.to - stretch.from)) / blocks < least(stretch));
    if (narrow < 0) return list.map((stretch, i) => fixed.get(i) ?? Math.max(0, (left * (stretch.to - stretch.from)) / blocks));
    fixed.set(narrow, least(list[narrow] as Stretch));
  }
}

/** Pixel of a block: straight inside each stretch. Blocks outside are held at the ends. */
export function xOf(placed: readonly Placed[], block: number): number {
  const last = placed.at(-1);
  if (!last || block <= (placed[0]?.from ?? 0)) return 0;
  const stretch = placed.find((each) => block < each.to) ?? last;
  return stretch.x + stretch.width * Math.min(1, (block - stretch.from) / (stretch.to - stretch.from));
}

const PAD = 9;

export function placeStretches(list: readonly Stretch[], width: number, now: number, words: (stretch: Stretch) => readonly string[], measure: Measure): Placed[] {
  const roomy = width >= 620;
  const least = (stretch: Stretch) => {
    if (stretch.kind === 'gap') return 10;
    if (!roomy) return 26;
    const shortest = words(stretch).at(-1) ?? '';
    return Math.max(26, measure(shortest) + 2 * PAD);
  };
  const widths = widthsOf(list, width, least);
  let x = 0;
  const placed = list.map((stretch, i): Placed => {
    const here = { ...stretch, x, width: widths[i] ?? 0 };
    x += here.width;
    return here;
  });
  const line = xOf(placed, now);
  for (const stretch of placed) {
    if (stretch.kind === 'gap') continue;
    // The now line never crosses a word: a label stands wholly before or wholly after it.
    const split = Math.max(stretch.x, Math.min(stretch.x + stretch.width, line));
    const parts = [
      { from: stretch.x, to: split, future: false },
      { from: split, to: stretch.x + stretch.width, future: true },
    ];
    for (const text of words(stretch)) {
      const part = parts.find((each) => each.to - each.from >= measure(text) + 2 * PAD - 0.5);
      if (!part) continue;
      stretch.label = { x: part.from + PAD, text, future: part.future };
      break;
    }
  }
  return placed;
}

/** Axis labels in order of importance; one that would touch another is left out (its stretch still says it on focus). */
export function placeAxis(wanted: readonly { at: number; lines: readonly string[] }[], width: number, measure: Measure): AxisLabel[] {
  const GAP = 14;
  const taken: { from: number; to: number }[] = [];
  const out: AxisLabel[] = [];
  for (const { at, lines } of wanted) {
    const size = Math.max(...lines.map((line) => measure(line, true)));
    if (size > width) continue;
    const anchor = at - size / 2 < 0 ? 'start' : at + size / 2 > width ? 'end' : 'middle';
    const from = anchor === 'start' ? 0 : anchor === 'end' ? width - size : at - size / 2;
    const to = from + size;
    if (taken.some((each) => from < each.to + GAP && to > each.from - GAP)) continue;
    taken.push({ from, to });
    out.push({ x: anchor === 'start' ? 0 : anchor === 'end' ? width : at, anchor, lines, tick: at });
  }
  return out.sort((a, b) => a.tick - b.tick);
}
