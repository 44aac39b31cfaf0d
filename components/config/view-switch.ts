/** Unsaved edits carried from form to text and back, as far as that can be done without guessing; the rest is named. */
import type { ConfigRow } from './config-data.ts';
import { literal, plainLine, type PlainLine } from './env-line.ts';

type Values = Record<string, string | null>;

/**
 * The file's text with form edits written into it. `lost`: variables whose edit can't be: a secret (it would stand there
 * in the clear), or a line that isn't plain.
 */
export function editsIntoText(text: string, rows: readonly ConfigRow[], values: Values): { text: string; lost: string[] } {
  const lines = text.split('\n');
  const remove = new Set<number>();
  const added: string[] = [];
  const lost: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const row = rows.find((one) => one.name === name);
    const written = value === null ? '' : literal(value);
    const mentions = lines.flatMap((line, at) => (new RegExp(`(^|[^A-Za-z0-9_])${name}=`).test(line.replace(/^\s*#.*/, '')) ? [at] : []));
    const at = row?.line !== undefined ? row.line - 1 : mentions.at(-1);
    const plain = at === undefined ? undefined : plainLine(lines[at] ?? '');
    const other = at !== undefined && plain?.name !== name;
    if (row?.secret || written === undefined || other || (value === null && mentions.length !== 1)) lost.push(name);
    else if (at === undefined || !plain) added.push(`export ${name}=${written}`);
    else if (value === null) remove.add(at);
    else lines[at] = replaced(lines[at] as string, plain, written);
  }
  const kept = lines.filter((_line, at) => !remove.has(at));
  if (added.length === 0) return { text: kept.join('\n'), lost };
  const ended = kept.at(-1) === '' ? kept.slice(0, -1) : kept;
  return { text: [...ended, ...added, ''].join('\n'), lost };
}

const replaced = (line: string, { start, end, exported }: PlainLine, written: string): string =>
  `${exported ? '' : line.slice(0, line.search(/\S/))}${exported ? line.slice(0, start) : `export ${line.slice(line.search(/\S/), start)}`}${written}${line.slice(end)}`;

/**
 * The text's changes as form edits. `lost`: line numbers of the text (or of the file, for lines taken out) that say
 * something else than another plain value: comments, order, commands, secrets moved about.
 */
export function textIntoEdits(text: string, original: string, rows: readonly ConfigRow[]): { values: Values; lost: number[] } {
  const before = readLines(original);
  const after = readLines(text);
  const values: Values = {};
  const lost = new Set<number>([...differing(before.rest, after.rest), ...differing(common(before.order, after), common(after.order, before))]);
  for (const [name, now] of after.plain) {
    const old = before.plain.get(name);
    const row = rows.find((one) => one.name === name);
    if (old && old.line === now.line) continue;
    const sameAround = !old || (old.exported === now.exported && around(old) === around(now));
    if (!sameAround || now.value.includes('⟪secret') || row?.readOnly || (!old && row?.line !== undefined)) lost.add(now.at);
    else values[name] = now.value;
  }
  for (const name of before.plain.keys()) {
    if (after.plain.has(name)) continue;
    if (after.doubled.has(name)) lost.add(after.doubled.get(name) as number);
    else values[name] = null;
  }
  return { values, lost: [...lost].sort((a, b) => a - b) };
}

type Placed = PlainLine & { line: string; at: number };
type Read = { plain: Map<string, Placed>; order: { text: string; at: number }[]; rest: { text: string; at: number }[]; doubled: Map<string, number> };

/** Plain lines of names that occur once, all else in order. */
function readLines(text: string): Read {
  const lines = text.split('\n').map((line, index) => ({ line, at: index + 1, found: plainLine(line) }));
  const counted = new Map<string, number>();
  for (const { found } of lines) if (found) counted.set(found.name, (counted.get(found.name) ?? 0) + 1);
  const result: Read = { plain: new Map(), order: [], rest: [], doubled: new Map() };
  for (const { line, at, found } of lines) {
    if (found && counted.get(found.name) === 1) {
      result.plain.set(found.name, { ...found, line, at });
      result.order.push({ text: found.name, at });
    } else {
      result.rest.push({ text: line, at });
      if (found) result.doubled.set(found.name, at);
    }
  }
  // How many empty lines end the text says nothing.
  while (result.rest.at(-1)?.text === '') result.rest.pop();
  return result;
}

const around = ({ line, start, end }: Placed) => `${line.slice(0, start)}\n${line.slice(end)}`;
const common = (order: Read['order'], other: Read) => order.filter(({ text }) => other.plain.has(text));

/** Numbers of the lines from the first to the last that differ, of the second list where it has them. */
function differing(a: { text: string; at: number }[], b: { text: string; at: number }[]): number[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start]?.text === b[start]?.text) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end]?.text === b[b.length - 1 - end]?.text) end += 1;
  const ours = b.slice(start, b.length - end);
  return (ours.length > 0 ? ours : a.slice(start, a.length - end)).map(({ at }) => at);
}
