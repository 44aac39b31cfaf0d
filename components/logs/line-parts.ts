import { BOLD, background, DIM, foreground, ITALIC, STRIKE, UNDERLINE } from './ansi.ts';
import { findLevel } from './level.ts';
import { SECRET_MARK } from './secret-mark.ts';

export type LinePart = { text: string; /** CSS classes of logs.css, '' = none. */ look: string; secret?: true };

const KEY = /(?:^|[\s{,(])([A-Za-z_][\w.\-/]*=)(?=\S)/g;
const TARGET = /^\s*([A-Za-z_]\w*(?:::\w+)+:)/;
/** The programs' own times: what the time column already says. */
const OWN_TIME = /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?|\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d|\d{1,2}:\d\d(?:AM|PM))[ \t]+(?:- )?(?=\S)/;

/** How many characters at the beginning repeat the time column. */
export function ownTimeLength(text: string): number {
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57 ? (OWN_TIME.exec(text)?.[0].length ?? 0) : 0;
}

const styleLook = (style: number): string => {
  if (style === 0) return '';
  const fg = foreground(style), bg = background(style);
  return `${fg >= 0 ? `fg${fg} ` : ''}${bg >= 0 ? `bg${bg} ` : ''}${style & BOLD ? 'sgr-b ' : ''}${style & DIM ? 'sgr-d ' : ''}${style & ITALIC ? 'sgr-i ' : ''}${style & UNDERLINE ? 'sgr-u ' : ''}${style & STRIKE ? 'sgr-s ' : ''}`.trimEnd();
};

type Overlay = { start: number; end: number; look: string; secret?: true };

/**
 * A line in stretches of one look, in order and without gaps: colours of the program, over them the level word, keys of
 * `key=value` and hidden secrets, over all the filter's matches. `from` leaves characters at the beginning out, `most` those beyond.
 */
export function lineParts(text: string, runs: string, options: { from?: number; most?: number; matches?: readonly [number, number][] } = {}): LinePart[] {
  const from = options.from ?? 0;
  const end = Math.min(text.length, from + (options.most ?? text.length));
  const overlays: Overlay[] = [];
  const level = findLevel(text);
  if (level && level.start >= 0) overlays.push({ start: level.start, end: level.end, look: `lv lv-${level.level}` });
  const after = level && level.start >= 0 ? level.end : 0;
  const target = TARGET.exec(text.slice(after, after + 120));
  if (target) overlays.push({ start: after + target[0].length - (target[1] as string).length, end: after + target[0].length, look: 'key' });
  if (text.includes('=')) {
    KEY.lastIndex = 0;
    for (let hit = KEY.exec(text); hit && hit.index < end; hit = KEY.exec(text)) {
      const stop = hit.index + hit[0].length;
      overlays.push({ start: stop - (hit[1] as string).length, end: stop, look: 'key' });
    }
  }
  for (let at = text.indexOf(SECRET_MARK); at >= 0 && at < end; at = text.indexOf(SECRET_MARK, at + SECRET_MARK.length)) {
    overlays.push({ start: at, end: at + SECRET_MARK.length, look: 'secret', secret: true });
  }

  const cuts = new Set<number>([from, end]);
  const cut = (at: number) => { if (at > from && at < end) cuts.add(at); };
  for (let i = 0; i < runs.length; i += 2) cut(runs.charCodeAt(i));
  for (const each of overlays) { cut(each.start); cut(each.end); }
  for (const [a, b] of options.matches ?? []) { cut(a); cut(b); }
  const places = [...cuts].sort((a, b) => a - b);

  const parts: LinePart[] = [];
  let run = 0;
  let style = 0;
  for (let i = 0; i + 1 < places.length; i++) {
    const at = places[i] as number;
    const stop = places[i + 1] as number;
    while (run < runs.length && runs.charCodeAt(run) <= at) { style = runs.charCodeAt(run + 1); run += 2; }
    const over = overlays.findLast((each) => each.start <= at && at < each.end);
    const marked = options.matches?.some(([a, b]) => a <= at && at < b);
    const secret = over?.secret;
    let look = over ? over.look : styleLook(style);
    if (marked) look = look ? `${look} hit` : 'hit';
    const last = parts[parts.length - 1];
    if (last && last.look === look && !secret) last.text += text.slice(at, stop);
    else parts.push(secret ? { text: text.slice(at, stop), look, secret } : { text: text.slice(at, stop), look });
  }
  return parts;
}
