/** A value in a JSON text with its place: what is not changed keeps its bytes. */
type Place = { start: number; end: number };
type Member = { key: string; keyStart: number; value: JsonPlace };
type JsonPlace = Place & ({ kind: 'plain' } | { kind: 'array'; items: JsonPlace[] } | { kind: 'object'; members: Member[] });

/**
 * `text` with its value replaced by `value` (plain JSON): parts that stay equal keep their bytes, order and spacing,
 * members keep the order of `text`, new ones follow. Indentation and line ends are the text's own.
 * `text` that is no JSON (or empty) is written anew with two blanks and a last newline.
 */
export function patchJsonText(text: string, value: unknown): string {
  try {
    JSON.parse(text);
  } catch {
    return `${JSON.stringify(value, undefined, 2)}\n`;
  }
  const root = scan(text);
  const writer = new Writer(text);
  return text.slice(0, root.start) + writer.patch(root, value, '') + text.slice(root.end);
}

class Writer {
  readonly #text: string;
  readonly #newline: string;
  readonly #unit: string;

  constructor(text: string) {
    this.#text = text;
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
    this.#unit = /\n([ \t]+)/.exec(text)?.[1] ?? '  ';
  }

  /** The text of `place` changed into `value`; `indent` is that of the line it begins on. */
  patch(place: JsonPlace, value: unknown, indent: string): string {
    const old = this.#text.slice(place.start, place.end);
    const before: unknown = JSON.parse(old);
    if (same(before, value)) return old;
    if (place.kind === 'array' && Array.isArray(value) && place.items.length > 0 && value.length > 0) return this.#array(place, before as unknown[], value, indent);
    if (place.kind === 'object' && isObject(value) && place.members.length > 0 && new Set(place.members.map(({ key }) => key)).size === place.members.length) return this.#object(place, value, indent);
    return this.#fresh(value, indent);
  }

  #fresh(value: unknown, indent: string): string {
    return JSON.stringify(value, undefined, this.#unit).replaceAll('\n', this.#newline + indent);
  }

  #object(place: JsonPlace & { kind: 'object' }, value: Record<string, unknown>, indent: string): string {
    const kept = place.members.filter(({ key }) => Object.hasOwn(value, key));
    if (kept.length === 0) return this.#fresh(value, indent);
    const gap = this.#gap(place, place.members[0]?.keyStart ?? place.end);
    const inner = indentOf(gap, indent);
    const pieces = kept.map((member) => this.#text.slice(member.keyStart, member.value.start) + this.patch(member.value, value[member.key], inner));
    const added = Object.keys(value).filter((key) => !place.members.some((member) => member.key === key)).map((key) => `${JSON.stringify(key)}: ${this.#fresh(value[key], inner)}`);
    const starts = place.members.map(({ keyStart, value: { end } }) => ({ start: keyStart, end }));
    return this.#joined(place, starts, kept.map((member) => place.members.indexOf(member)), pieces, added, gap);
  }

  /** The first and the last elements that are equal stay; what is between them is changed in place, then cut or filled up. */
  #array(place: JsonPlace & { kind: 'array' }, before: unknown[], value: unknown[], indent: string): string {
    const shorter = Math.min(before.length, value.length);
    let head = 0;
    while (head < shorter && same(before[head], value[head])) head += 1;
    let tail = 0;
    while (tail < shorter - head && same(before[before.length - 1 - tail], value[value.length - 1 - tail])) tail += 1;
    const gap = this.#gap(place, place.items[0]?.start ?? place.end);
    const inner = indentOf(gap, indent);
    const [oldMiddle, newMiddle] = [before.length - head - tail, value.length - head - tail];
    const kept: number[] = [];
    const pieces: string[] = [];
    const keep = (index: number, to: unknown): void => {
      kept.push(index);
      pieces.push(this.patch(place.items[index] as JsonPlace, to, inner));
    };
    for (let i = 0; i < head + Math.min(oldMiddle, newMiddle); i += 1) keep(i, value[i]);
    const added = value.slice(head + Math.min(oldMiddle, newMiddle), value.length - tail).map((one) => this.#fresh(one, inner));
    const at = kept.length;
    for (let i = before.length - tail; i < before.length; i += 1) keep(i, value[i - before.length + value.length]);
    return this.#joined(place, place.items, kept, pieces, added, gap, at);
  }

  /** Puts pieces together with the separators that stood between them; `added` ones come at `at` with the first gap. */
  #joined(place: Place, old: readonly Place[], kept: number[], pieces: string[], added: string[], gap: string, at = kept.length): string {
    const open = this.#text.slice(place.start, place.start + 1) + gap;
    const close = this.#text.slice((old.at(-1) as Place).end, place.end);
    // Inside one line a list has a blank after its commas, though none after its bracket.
    const between = `,${gap || ' '}`;
    const all = [...pieces.slice(0, at), ...added, ...pieces.slice(at)];
    const from = [...kept.slice(0, at), ...added.map(() => -1), ...kept.slice(at)];
    return open + all.map((piece, i) => {
      if (i === 0) return piece;
      const [left, right] = [from[i - 1] as number, from[i] as number];
      const separator = left >= 0 && right === left + 1 ? this.#text.slice((old[left] as Place).end, (old[right] as Place).start) : between;
      return separator + piece;
    }).join('') + close;
  }

  #gap(place: Place, first: number): string {
    return this.#text.slice(place.start + 1, first);
  }
}

const indentOf = (gap: string, outer: string): string => (gap.includes('\n') ? gap.slice(gap.lastIndexOf('\n') + 1) : outer);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Equal as JSON: the order of members means nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === 0 && b === 0) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => same(one, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** Places of a text that JSON.parse has accepted. */
function scan(text: string): JsonPlace {
  let at = 0;
  const blank = (): void => {
    while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  };
  const string = (): void => {
    for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    at += 1;
  };
  const inside = (end: string, one: () => void): void => {
    at += 1;
    for (blank(); text[at] !== end; blank()) {
      if (text[at] === ',') at += 1;
      blank();
      one();
    }
    at += 1;
  };
  const value = (): JsonPlace => {
    blank();
    const start = at;
    if (text[at] === '[') {
      const items: JsonPlace[] = [];
      inside(']', () => items.push(value()));
      return { kind: 'array', start, end: at, items };
    }
    if (text[at] === '{') {
      const members: Member[] = [];
      inside('}', () => {
        const keyStart = at;
        string();
        const key = JSON.parse(text.slice(keyStart, at)) as string;
        blank();
        at += 1; // the colon
        members.push({ key, keyStart, value: value() });
      });
      return { kind: 'object', start, end: at, members };
    }
    if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at] as string)) at += 1;
    return { kind: 'plain', start, end: at };
  };
  return value();
}
