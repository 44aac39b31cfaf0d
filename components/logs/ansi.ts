/**
 * A log line as the container wrote it, made safe to show: colours (SGR) become style runs, every other escape sequence goes
 * (cursor, erase, titles, OSC 8 links, OSC 52 clipboard), control characters and those that turn the reading direction or are
 * invisible become visible signs. What comes out is plain text; it is only ever shown as text nodes.
 */
export type CleanLine = { text: string; /** Pairs of UTF-16 codes: offset, style (see below); '' = no colour. */ runs: string };

/** Style bits: foreground 0 (none) or 1..16 (+1), background likewise shifted by 5, then bold, dim, italic, underline, strike. */
export const BOLD = 1 << 10, DIM = 1 << 11, ITALIC = 1 << 12, UNDERLINE = 1 << 13, STRIKE = 1 << 14;
export const foreground = (style: number) => (style & 31) - 1;
export const background = (style: number) => ((style >> 5) & 31) - 1;

/** Lines beyond this many characters are cut in the view; the download has them whole. */
export const LONGEST_LINE = 16_384;
/** Run offsets are stored as UTF-16 codes. */
const MOST_RUNS = 2000;

/** Nearly every line passes this at once. */
const PLAIN = /^[\t\x20-\x7e]*$/;
/** The second most frequent kind: nothing but colours. */
const COLOURED = /^(?:[\t\x20-\x7e]|\x1b\[[\d;]{0,20}m)*$/;
/** Single characters beyond ASCII that are invisible or turn the reading direction; tested one at a time. */
// biome-ignore lint/suspicious/noMisleadingCharacterClass: combining characters are what it looks for
const UNSAFE = /[\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb]/;

const NAMES = new Map([
  [0xad, 'SHY'], [0x61c, 'ALM'], [0x200b, 'ZWSP'], [0x200c, 'ZWNJ'], [0x200d, 'ZWJ'], [0x200e, 'LRM'], [0x200f, 'RLM'], [0x2028, 'LS'], [0x2029, 'PS'],
  [0x202a, 'LRE'], [0x202b, 'RLE'], [0x202c, 'PDF'], [0x202d, 'LRO'], [0x202e, 'RLO'], [0x2060, 'WJ'], [0x2066, 'LRI'], [0x2067, 'RLI'], [0x2068, 'FSI'], [0x2069, 'PDI'], [0xfeff, 'BOM'],
]);

function visible(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `⟨${NAMES.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}⟩`;
}

export function cleanLine(raw: string): CleanLine {
  let line = raw.length > LONGEST_LINE * 2 ? raw.slice(0, LONGEST_LINE * 2) : raw;
  if (line.charCodeAt(line.length - 1) === 13) line = line.slice(0, -1);
  if (PLAIN.test(line)) return line.length > LONGEST_LINE ? { text: cut(line, raw.length), runs: '' } : { text: line, runs: '' };
  if (line.length < LONGEST_LINE && COLOURED.test(line)) return colouredLine(line);
  let text = '';
  let runs = '';
  let style = 0;
  let plain = 0; // start of the stretch not yet copied
  let unended = false; // no string that begins from here on has an end
  let i = 0;
  const length = line.length;
  while (i < length) {
    const code = line.charCodeAt(i);
    // The common case first: printable ASCII and tab.
    if ((code >= 0x20 && code < 0x7f) || code === 9) { i++; continue; }
    if (code === 0x1b || code === 0x9b || code === 0x9d || code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f) {
      if (plain < i) text += line.slice(plain, i);
      const sequence = escapeAt(line, i, code, unended);
      unended ||= sequence.unended === true;
      i = plain = sequence.end;
      if (sequence.sgr !== undefined) {
        const next = applySgr(style, sequence.sgr);
        if (next !== style && runs.length < MOST_RUNS) {
          style = next;
          const last = runs.length - 2;
          if (last >= 0 && runs.charCodeAt(last) === text.length) runs = runs.slice(0, last);
          if (text.length < LONGEST_LINE) runs += String.fromCharCode(text.length, style);
        }
      } else if (sequence.broken) text += visible(code);
      continue;
    }
    const wide = code >= 0xd800 && code <= 0xdfff;
    if (wide ? !isPair(line, i) || code === 0xdb40 : code < 0x20 || UNSAFE.test(line[i] as string)) {
      if (plain < i) text += line.slice(plain, i);
      text += wide && isPair(line, i) ? visible(line.codePointAt(i) as number) : visible(code);
      i += wide && isPair(line, i) ? 2 : 1;
      plain = i;
      continue;
    }
    i += wide ? 2 : 1;
  }
  if (plain < length) text += line.slice(plain);
  if (text.length > LONGEST_LINE) text = cut(text, raw.length);
  return { text, runs };
}

/** The same for a line whose only escapes are whole SGR sequences: one jump from each to the next. */
function colouredLine(line: string): CleanLine {
  let text = '';
  let runs = '';
  let style = 0;
  let from = 0;
  for (let at = line.indexOf('\x1b'); at >= 0; at = line.indexOf('\x1b', from)) {
    if (at > from) text += line.slice(from, at);
    const end = line.indexOf('m', at + 2);
    const next = sgrOne(style, line, at + 2, end);
    if (next !== style && runs.length < MOST_RUNS) {
      style = next;
      const last = runs.length - 2;
      if (last >= 0 && runs.charCodeAt(last) === text.length) runs = runs.slice(0, last);
      runs += String.fromCharCode(text.length, style);
    }
    from = end + 1;
  }
  if (from < line.length) text += line.slice(from);
  return { text, runs };
}

/** One or two digits without ceremony. */
function sgrOne(style: number, line: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  if (length <= 2) {
    const a = line.charCodeAt(start) - 48;
    const code = length === 1 ? a : a * 10 + line.charCodeAt(start + 1) - 48;
    if (code === 0) return 0;
    if (code === 1) return style | BOLD;
    if (code === 2) return style | DIM;
    if (code >= 30 && code <= 37 && length === 2) return (style & ~31) | (code - 29);
    if (code >= 90 && code <= 97) return (style & ~31) | (code - 81);
  }
  return applySgr(style, line.slice(start, end));
}

const isPair = (line: string, i: number) => {
  const next = line.charCodeAt(i + 1);
  return line.charCodeAt(i) <= 0xdbff && next >= 0xdc00 && next <= 0xdfff;
};

function cut(text: string, length: number): string {
  const end = text.charCodeAt(LONGEST_LINE - 1) >= 0xd800 && text.charCodeAt(LONGEST_LINE - 1) <= 0xdbff ? LONGEST_LINE - 1 : LONGEST_LINE;
  return `${text.slice(0, end)} …+${length - end}`;
}

type Escape = { end: number; sgr?: string; broken?: boolean; unended?: boolean };

/** Where the sequence that starts at `i` ends. A sequence without its end takes nothing but its first character. */
function escapeAt(line: string, i: number, first: number, unended: boolean): Escape {
  let at = i + 1;
  let kind = first;
  if (first === 0x1b) {
    kind = line.charCodeAt(at);
    if (!(kind >= 0x20 && kind < 0x7f)) return { end: i + 1, broken: true };
    at++;
  }
  if (kind === 0x5b || kind === 0x9b) { // CSI … final
    const start = at;
    let code = line.charCodeAt(at);
    while (code >= 0x30 && code <= 0x3f) code = line.charCodeAt(++at);
    const parameters = at;
    while (code >= 0x20 && code <= 0x2f) code = line.charCodeAt(++at);
    if (!(code >= 0x40 && code <= 0x7e)) return { end: at, broken: true };
    return code === 0x6d && at === parameters ? { end: at + 1, sgr: line.slice(start, parameters) } : { end: at + 1 };
  }
  if (kind === 0x5d || kind === 0x9d || kind === 0x50 || kind === 0x90 || kind === 0x58 || kind === 0x98 || kind === 0x5e || kind === 0x9e || kind === 0x5f || kind === 0x9f) { // a string up to BEL or ST
    for (let k = at; k < line.length && !unended; k++) {
      const code = line.charCodeAt(k);
      if (code === 7 || code === 0x9c) return { end: k + 1 };
      if (code === 0x1b) return { end: line.charCodeAt(k + 1) === 0x5c ? k + 2 : k };
    }
    return { end: at, broken: true, unended: true }; // no end in this line: its text must not vanish
  }
  if (kind >= 0x20 && kind <= 0x2f) { // intermediate bytes, then one final
    let code = line.charCodeAt(at);
    while (code >= 0x20 && code <= 0x2f) code = line.charCodeAt(++at);
    return code >= 0x30 && code <= 0x7e ? { end: at + 1 } : { end: i + 1, broken: true };
  }
  return { end: at };
}

function applySgr(style: number, parameters: string): number {
  if (parameters === '' || parameters === '0') return 0;
  if (/[<=>?]/.test(parameters)) return style;
  const codes = parameters.split(/[;:]/).slice(0, 32).map((x) => (x === '' ? 0 : Number(x)));
  let out = style;
  for (let k = 0; k < codes.length; k++) {
    const code = codes[k] as number;
    if (code === 0) out = 0;
    else if (code === 1) out |= BOLD;
    else if (code === 2) out |= DIM;
    else if (code === 3) out |= ITALIC;
    else if (code === 4) out |= UNDERLINE;
    else if (code === 9) out |= STRIKE;
    else if (code === 7) out = (out & ~1023) | ((out >> 5) & 31) | ((out & 31) << 5);
    else if (code === 22) out &= ~(BOLD | DIM);
    else if (code === 23) out &= ~ITALIC;
    else if (code === 24) out &= ~UNDERLINE;
    else if (code === 29) out &= ~STRIKE;
    else if (code >= 30 && code <= 37) out = (out & ~31) | (code - 29);
    else if (code >= 90 && code <= 97) out = (out & ~31) | (code - 81);
    else if (code === 39) out &= ~31;
    else if (code >= 40 && code <= 47) out = (out & ~992) | ((code - 39) << 5);
    else if (code >= 100 && code <= 107) out = (out & ~992) | ((code - 91) << 5);
    else if (code === 49) out &= ~992;
    else if (code === 38 || code === 48) {
      let colour = -1;
      if (codes[k + 1] === 5) { colour = nearest256(codes[k + 2] ?? 0); k += 2; }
      else if (codes[k + 1] === 2) { colour = nearestRgb(codes[k + 2] ?? 0, codes[k + 3] ?? 0, codes[k + 4] ?? 0); k += 4; }
      else k++;
      if (colour >= 0) out = code === 38 ? (out & ~31) | (colour + 1) : (out & ~992) | ((colour + 1) << 5);
    }
  }
  return out;
}

function nearest256(n: number): number {
  if (n < 16) return n;
  if (n >= 232) return n < 238 ? 0 : n < 244 ? 8 : n < 250 ? 7 : 15;
  const value = n - 16;
  return nearestRgb(Math.floor(value / 36) * 51, (Math.floor(value / 6) % 6) * 51, (value % 6) * 51);
}

/** To the nearest of the 16 by hue: bit 1 red, 2 green, 4 blue, 8 bright. */
function nearestRgb(r: number, g: number, b: number): number {
  const top = Math.max(r, g, b);
  if (top < 60) return 8;
  const hue = (r > top * 0.6 ? 1 : 0) | (g > top * 0.6 ? 2 : 0) | (b > top * 0.6 ? 4 : 0);
  return hue | (top > 180 ? 8 : 0);
}

/** For tests and for painting: the runs as offsets and styles. */
export function readRuns(runs: string): { at: number; style: number }[] {
  const out: { at: number; style: number }[] = [];
  for (let i = 0; i + 1 < runs.length; i += 2) out.push({ at: runs.charCodeAt(i), style: runs.charCodeAt(i + 1) });
  return out;
}
