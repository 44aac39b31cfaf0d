import { type Assignment, type Entry, type EnvFile, parseEnvFile } from './env-file.ts';
import { isPlaceholder } from './placeholder.ts';
import { isSecretName } from './secret-names.ts';

/** `broken`: bash cuts what stands there into words, or reads it as something else than one value. */
export type SecretPlace = { start: number; end: number; broken: boolean };

/** `NAME=`, `NAME =`, `NAME+=`, `${NAME:=`. */
const NAMED = /([A-Za-z_]\w*)[ \t]*[+:]?=/g;
/** A name by itself: `read NAME`, `printf -v NAME`, `NAME: value`; not `$NAME`, `--name`, `a/name`. */
const ALONE = /(?<![\w$}{"'=./-])([A-Za-z_]\w*)(?=:?[ \t])/g;
const NOTHING_OR_REFERENCE = /^(?:''|""|"?\$\{?\w+\}?"?)?$/;
/** Says nothing secret and is worth seeing. */
const isOpen = (raw: string) => NOTHING_OR_REFERENCE.test(raw) || isPlaceholder(raw, true);
const CLOSED = /^(?:'[^']*'|"(?:[^"\\]|\\[\s\S])*")$/;
/** Where a quote or a here-document swallows the rest of the file, the next line that can only be a statement is one. */
const NEXT_STATEMENT = /\n[ \t]*export[ \t]+[A-Za-z_]\w*=/;

/**
 * The stretches that belong to a secret variable (facts 2.3, trap 3: a password without quotes goes on behind its first
 * word): a value in quotes that is one value, by itself; otherwise everything from the value's start to the end of what
 * bash reads in one go, and a comment behind it, which may be the rest of a password with a `#`. In order, may overlap.
 * `only`: those of one unit of the file.
 */
export function secretPlaces(file: EnvFile, only?: number): SecretPlace[] {
  const text = file.toString();
  const known = new Set(file.entries.flatMap((entry) => entry.assignments.map((one) => one.name)));
  const units = Map.groupBy(only === undefined ? file.entries : file.entries.filter((entry) => entry.unit === only), (entry) => entry.unit);
  const places: SecretPlace[] = [];
  for (const entries of units.values()) {
    for (const entry of entries) {
      const taken = new Set<number>();
      for (const one of entry.assignments) {
        taken.add(one.valueStart);
        if (isSecretName(one.name)) add(assigned(one, entry, entries, text));
      }
      for (const match of entry.text.matchAll(NAMED)) {
        const start = entry.start + match.index + match[0].length;
        if (isSecretName(match[1] as string) && !taken.has(start)) add(written(start, entry, entries, text));
      }
      if (entry.kind === 'opaque' || entry.names.length + entry.invalidNames.length > 0) add(behindName(entry, entries, text, known));
    }
  }
  return places.sort((a, b) => a.start - b.start);

  function add(place: SecretPlace | undefined) {
    if (!place) return;
    let { start, end } = place;
    while (start < end && /\s/.test(text[start] as string)) start++;
    while (end > start && /[\s]/.test(text[end - 1] as string)) end--;
    if (end > start && !isOpen(text.slice(start, end))) places.push({ ...place, start, end });
  }
}

/** The names of variables that the file may show: those that are no piece of a secret. */
export function shownNames(file: EnvFile): Set<string> {
  const text = file.toString();
  let shown = '';
  let at = 0;
  for (const { start, end } of secretPlaces(file)) {
    if (end <= at) continue;
    shown += `${text.slice(at, Math.max(at, start))}•`;
    at = end;
  }
  return new Set(parseEnvFile(shown + text.slice(at)).entries.flatMap((entry) => [...entry.assignments.map((one) => one.name), ...entry.names]));
}

/** The value of an assignment that bash makes. */
function assigned(one: Assignment, entry: Entry, unit: Entry[], text: string): SecretPlace {
  let valueEnd = one.valueEnd;
  while (text.slice(valueEnd - 2, valueEnd) === '\\\n' || text[valueEnd - 1] === '\r') valueEnd -= text[valueEnd - 1] === '\r' ? 1 : 2;
  const own = { start: one.valueStart, end: valueEnd, broken: false };
  const raw = text.slice(own.start, own.end);
  const rest = text.slice(valueEnd, unitEnd(own.start, unit, text));
  const plain = unit.every((other) => (other.kind === 'assign' || other.kind === 'export' || other.kind === 'blank' || other.kind === 'allexport') && !other.doubt && other.invalidNames.length === 0 && (other === entry ? other.names.length === 0 : true));
  // `A=1; export A`, as the editor itself writes it.
  const alone = /^\s*$/.test(rest) || new RegExp(`^[ \\t]*;[ \\t]*export[ \\t]+${one.name}\\s*$`).test(rest) || /^[ \t]*;\s*$/.test(rest);
  // Behind a value without quotes.
  const comment = plain && /^[ \t]+#/.test(rest);
  if (plain && (alone || CLOSED.test(raw) || (comment && isOpen(raw)))) return own;
  return { start: own.start, end: unitEnd(own.start, unit, text), broken: !comment };
}

/** Behind `NAME=` in a comment, or in a statement that isn't understood. */
function written(start: number, entry: Entry, unit: Entry[], text: string): SecretPlace {
  const lineStop = lineEnd(text, start);
  const line = text.slice(start, lineStop);
  if (inComment(start, entry, text)) {
    const trimmed = line.trimStart();
    const closed = /^(?:'[^']*'|"[^"]*"|<[^<>]*>)?(?=\s+#|\s*$)/.exec(trimmed)?.[0];
    const from = start + line.length - trimmed.length;
    return { start, end: closed !== undefined ? from + closed.length : lineStop, broken: false };
  }
  // A template's placeholder is a redirection to bash.
  const placeholder = /^(['"]?)<[^<>\n]*>\1(?=\s*$|\s+#)/.exec(line)?.[0];
  if (placeholder) return { start, end: start + placeholder.length, broken: false };
  if (text[start] === '(') {
    const close = text.indexOf(')', start);
    return { start, end: Math.max(unitEnd(start, unit, text), close === -1 ? 0 : lineEnd(text, close)), broken: true };
  }
  return { start, end: unitEnd(start, unit, text), broken: true };
}

/** `read NAME <<< value`, `export NAME value`: what stands behind the name, from the first word that is no variable of the file. */
function behindName(entry: Entry, unit: Entry[], text: string, known: Set<string>): SecretPlace | undefined {
  for (const match of entry.text.matchAll(ALONE)) {
    const start = entry.start + match.index + match[0].length;
    if (!isSecretName(match[1] as string) || inComment(start, entry, text)) continue;
    const colon = text[start] === ':' || entry.text[match.index + match[0].length] === ':' ? 1 : 0;
    const end = unitEnd(start, unit, text);
    const words = [...text.slice(start + colon, end).matchAll(/\S+/g)];
    if (words[0]?.[0].startsWith('#') || /^[+:]?=/.test(words[0]?.[0] ?? '')) continue;
    const odd = words.find(({ 0: word }) => !known.has(word) && !(/^[A-Z][A-Z0-9_]*$/.test(word) && isSecretName(word)));
    if (odd && !(entry.kind !== 'opaque' && odd[0].startsWith('#'))) return { start: start + colon + odd.index, end, broken: true };
  }
  return undefined;
}

/** The end of the last line that bash reads together with `from`. */
function unitEnd(from: number, unit: Entry[], text: string): number {
  const last = unit.at(-1) as Entry;
  const end = last.start + last.text.length;
  const swallowed = unit.some((entry) => entry.doubt?.reason === 'unclosed' || entry.doubt?.reason === 'here_document' || entry.assignments.some((one) => one.doubt?.reason === 'unclosed'));
  const next = swallowed ? NEXT_STATEMENT.exec(text.slice(from, end)) : null;
  return next ? from + next.index : end;
}

function inComment(position: number, entry: Entry, text: string): boolean {
  if (entry.kind === 'blank') return true;
  if (entry.kind === 'opaque') return false;
  const last = Math.max(entry.start, ...entry.assignments.map((one) => one.valueEnd));
  return /(?:^|\s)#[^\n]*$/.test(text.slice(last, position));
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
