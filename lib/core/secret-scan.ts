/**
 * The quick look at a text: may it hold something to mask? One pass over its characters (Aho–Corasick over short
 * anchors, escape codes skipped), so that the many lines without a secret cost almost nothing.
 */

/** What the look found; the exact patterns decide. */
export const VALUE = 1;
export const KEYWORD = 2;
export const MNEMONIC = 4;
export const ADDRESS = 8;
export const TOKEN = 16;

/** Longer anchors make the table larger without finding less. */
const ANCHOR = 8;

export type Scan = (text: string) => number;

/** The longest part of a form without blanks (a folded value has line breaks there), cut to the anchor's length. */
export function anchorOf(form: string): string {
  return form.split(' ').reduce((best, part) => (part.length > best.length ? part : best), '').slice(0, ANCHOR);
}

/** `flagged`: what to look for, by the flag that finding it sets. */
export function makeScan(flagged: Record<number, string[]>): Scan {
  // Characters that occur in no pattern are class 0, which leads back to the root.
  const classOf = new Uint16Array(65536);
  let classes = 1;
  const patterns = Object.entries(flagged).flatMap(([flag, texts]) => texts.filter(Boolean).map((text): [string, number] => [text, Number(flag)]));
  for (const [text] of patterns) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (classOf[code] === 0) classOf[code] = classes++;
    }
  }
  const most = 1 + patterns.reduce((sum, [text]) => sum + text.length, 0);
  const table = new Int32Array(most * classes);
  const found = new Uint8Array(most);
  let states = 1;
  for (const [text, flag] of patterns) {
    let at = 0;
    for (let i = 0; i < text.length; i++) {
      const slot = at * classes + (classOf[text.charCodeAt(i)] as number);
      if (table[slot] === 0) table[slot] = states++;
      at = table[slot] as number;
    }
    found[at] = (found[at] as number) | flag;
  }
  link(table, found, classes, states);
  // For the scan a state is the place of its row and carries its flags: one look into the table for each character.
  const next = table.subarray(0, states * classes).map((state) => ((found[state] as number) << FLAGS_AT) | (state * classes));
  return (text) => scan(text, next, classOf);
}

/** Fills in where to go on when a pattern breaks off, breadth first, so that scanning never steps back. */
function link(table: Int32Array, found: Uint8Array, classes: number, states: number): void {
  const fall = new Int32Array(states);
  const queue: number[] = [];
  for (let c = 1; c < classes; c++) if (table[c] !== 0) queue.push(table[c] as number);
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] as number;
    const back = fall[state] as number;
    found[state] = (found[state] as number) | (found[back] as number);
    for (let c = 1; c < classes; c++) {
      const slot = state * classes + c;
      const next = table[slot] as number;
      const instead = table[back * classes + c] as number;
      if (next === 0) table[slot] = instead;
      else {
        fall[next] = instead;
        queue.push(next);
      }
    }
  }
}

/** Bits of a table entry below the flags: rows of up to 16 million entries, far more than secrets of a host make. */
const FLAGS_AT = 24;
const ROW = (1 << FLAGS_AT) - 1;

const isWordGap = (code: number) => code === 32 || code === 9 || code === 44 || code === 34 || code === 39;

function scan(text: string, table: Int32Array, classOf: Uint16Array): number {
  let hit = 0;
  let state = 0;
  let word = 0; // letters of the current lower-case word
  let words = 0; // words of 3 to 8 letters in a row
  let gap = 0;
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 27) {
      const end = escapeEnd(text, i);
      if (end > i) {
        i = end;
        continue;
      }
    }
    const next = table[state + (classOf[code] as number)] as number;
    hit |= next >> FLAGS_AT;
    state = next & ROW;
    if (code >= 97 && code <= 122) {
      word++;
      gap = 0;
    } else {
      if (word > 0) {
        words = word >= 3 && word <= 8 ? words + 1 : 0;
        if (words >= 12) hit |= MNEMONIC;
        word = 0;
      }
      if (!isWordGap(code) || ++gap > 4) words = 0;
    }
  }
  if (words >= 11 && word >= 3 && word <= 8) hit |= MNEMONIC;
  return hit;
}

/** The last index of the colour code that begins at `at`, or `at` when it is none. */
function escapeEnd(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== 91) return at;
  for (let i = at + 2; i < text.length && i < at + 40; i++) {
    const code = text.charCodeAt(i);
    if (code >= 64 && code <= 126) return i;
    if (code < 32 || code > 63) return at;
  }
  return at;
}
