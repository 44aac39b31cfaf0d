import { PanelError } from '#lib/core/errors.ts';
import { NO_MACHINE, proveEdit } from './env-edit-proof.ts';
import { type Place, placeOf } from './env-editability.ts';
import { type Assignment, type Entry, type EnvFile, parseEnvFile } from './env-file.ts';
import { withQuotedPlaceholders } from './env-placeholders.ts';
import { quoteEnvValue } from './env-quoting.ts';
import { envValues } from './env-values.ts';
import { isSecretName } from './secret-names.ts';
import { secretPlaces } from './secret-places.ts';

type Splice = { start: number; end: number; text: string };

/**
 * The file's text with other values for some variables; null takes a variable's assignments out. `alsoChanged`: variables
 * that are written in terms of an edited one (`B=${A}/x`). Bare placeholders that stay count as values meanwhile, so a
 * template can be filled in over several saves.
 *
 * Only the bytes of a value change, at the last assignment (the one that counts in bash). Besides:
 * - A variable that was set but not exported never reached compose (facts 2.3, trap 4): `export ` is put before it, or
 *   `; export NAME` behind its statement where that also assigns others.
 * - A new variable is a line `export NAME=value` at the end, after the last line was ended if it wasn't (trap 1). Line
 *   ends are `\n` in any file: bash would take the `\r` of CRLF into the value.
 * - A secret without quotes is replaced, or taken out, up to where it really ends (facts 2.3, trap 3).
 * - Taking out removes the line where the statement is alone on it, else the statement or the word. A trailing comment
 *   goes with its line.
 *
 * The result is read again and compared: nothing else means something else than before. Throws config_edit_refused
 * {variable, reason}, reason as in `editability` or `meaning`; config_value_unwritable as quoteEnvValue does.
 */
export function editEnvFile(file: EnvFile, changes: Record<string, string | null>): { text: string; alsoChanged: string[] } {
  const { file: settled, original } = withQuotedPlaceholders(file);
  const text = settled.toString();
  const before = envValues(settled, NO_MACHINE);
  const wider = wholeSecrets(settled, text);
  const values: Splice[] = [];
  const exports: Splice[] = [];
  const changed = new Map<string, string | null>();
  let added = '';
  for (const [name, value] of Object.entries(changes)) {
    const now = before.variables.get(name);
    if (value === null ? !mentions(settled, name) : now?.state === 'exported' && now.value === value) continue;
    const place = placeOf(settled, name);
    if (place.at === 'nowhere') throw new PanelError('config_edit_refused', { variable: name, reason: place.reason });
    changed.set(name, value);
    if (value === null) continue;
    const literal = quoteEnvValue(value, name);
    if (place.at === 'end') {
      added += `export ${name}=${literal}\n`;
      continue;
    }
    values.push(newValue(place, literal, text, wider));
    if (place.entry.kind === 'assign' && now?.state !== 'exported') exports.push(exporting(place, text));
  }
  const gone = new Set([...changed].filter(([, value]) => value === null).map(([name]) => name));
  const removals = gone.size === 0 ? [] : settled.entries.flatMap((entry) => takeOut(entry, gone, text, wider));
  const given = settled === file ? text : file.toString();
  if (changed.size === 0) return { text: given, alsoChanged: [] };
  let result = apply(given, [...values, ...exports, ...removals].map((one) => ({ ...one, start: original(one.start), end: original(one.end) })));
  if (added && result && !result.endsWith('\n')) result += '\n';
  result += added;
  return { text: result, alsoChanged: proveEdit(settled, before, withQuotedPlaceholders(parseEnvFile(result, settled)).file, changed) };
}

const mentions = (file: EnvFile, name: string) => file.entries.some((entry) => entry.names.includes(name) || entry.assignments.some((one) => one.name === name));

/** Without the joined line ends (`\` at the end of a line) that the reader counts to the word before them. */
function wordEnd(one: Assignment, text: string): number {
  let end = one.valueEnd;
  while (end - 2 >= one.valueStart && text.slice(end - 2, end) === '\\\n') end -= 2;
  return end;
}

type Wider = (entry: Entry, one: Assignment) => number | undefined;

/**
 * Where a secret without quotes really ends, when that is behind its first word: what bash made a comment or another word
 * of is a piece of an old password, and goes with it. Throws config_edit_refused where a second assignment stands there.
 */
function wholeSecrets(file: EnvFile, text: string): Wider {
  return (entry, one) => {
    if (!isSecretName(one.name)) return undefined;
    const end = secretPlaces(file, entry.unit).findLast(({ start }) => start === one.valueStart)?.end;
    if (end === undefined || end <= wordEnd(one, text)) return undefined;
    const inside = (other: Assignment) => other.start > one.valueStart && other.start < end;
    if (entry.assignments.length > 1 || file.entries.some((other) => other.assignments.some(inside))) throw new PanelError('config_edit_refused', { variable: one.name, reason: 'meaning' });
    return end;
  };
}

function newValue({ one, entry }: Extract<Place, { at: 'value' }>, literal: string, text: string, wider: Wider): Splice {
  // `export "A=x y"`: the quotes stand around the name too.
  const whole = one.valueStart === one.start;
  return { start: one.valueStart, end: wider(entry, one) ?? wordEnd(one, text), text: whole ? `${one.name}=${literal}` : literal };
}

function exporting({ entry, one }: Extract<Place, { at: 'value' }>, text: string): Splice {
  if (entry.assignments.length === 1) return { start: one.start, end: one.start, text: 'export ' };
  const end = wordEnd(entry.assignments.at(-1) as Assignment, text);
  return { start: end, end, text: `; export ${one.name}` };
}

function takeOut(entry: Entry, gone: Set<string>, text: string, wider: Wider): Splice[] {
  const out = entry.assignments.filter((one) => gone.has(one.name));
  if (out.length === 0) return [];
  const end = entry.start + entry.text.length;
  const secretEnd = out.map((one) => wider(entry, one)).find((one) => one !== undefined);
  if (secretEnd !== undefined) {
    const line = entry.start === 0 || text[entry.start - 1] === '\n';
    return [{ start: entry.start, end: line && text[secretEnd] === '\n' ? secretEnd + 1 : secretEnd, text: '' }];
  }
  if (out.length < entry.assignments.length || entry.names.length > 0 || entry.invalidNames.length > 0) {
    return out.map((one) => {
      let { start } = one;
      while (start > entry.start && /[ \t]/.test(text[start - 1] as string)) start--;
      return { start, end: wordEnd(one, text), text: '' };
    });
  }
  const alone = (entry.start === 0 || text[entry.start - 1] === '\n') && (entry.text.endsWith('\n') || end === text.length);
  if (alone) return [{ start: entry.start, end, text: '' }];
  const word = wordEnd(entry.assignments.at(-1) as Assignment, text);
  return [{ start: entry.start, end: word + (/^[ \t]*;/.exec(text.slice(word, end))?.[0].length ?? 0), text: '' }];
}

function apply(text: string, splices: Splice[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of splices.sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
