import { PanelError } from '#lib/core/errors.ts';
import type { EnvFile } from './env-file.ts';
import { type EnvValue, type EnvValues, envValues } from './env-values.ts';
import { shownNames } from './secret-places.ts';
import type { Piece } from './shell-words.ts';

/** For reading a file apart from any machine: a home that no written value can be equal to. */
export const NO_MACHINE = { HOME: '\0home', PATH: '\0path', PWD: '\0pwd' };

/**
 * Compares the meaning of two files (`old` is `before`'s, read with NO_MACHINE): every variable in `changes` has exactly
 * its new value and is exported (null: isn't set), every other one is as before. Returns those that changed because they
 * are written in terms of a changed one. Throws config_edit_refused {variable, reason: 'meaning'}.
 */
export function proveEdit(before: EnvFile, old: EnvValues, after: EnvFile, changes: Map<string, string | null>): string[] {
  const refuse = (variable: string) => new PanelError('config_edit_refused', { variable, reason: 'meaning' });
  const now = envValues(after, NO_MACHINE);
  const edited = [...changes.keys()];
  if (frame(old) !== frame(now)) throw refuse(edited[0] as string);
  for (const [name, value] of changes) {
    const one = now.variables.get(name);
    if (value === null ? one !== undefined : one?.state !== 'exported' || one.value !== value) throw refuse(name);
  }
  const changed: string[] = [];
  for (const [name, one] of now.variables) if (!changes.has(name) && !same(old.variables.get(name), one)) changed.push(name);
  for (const name of old.variables.keys()) if (!changes.has(name) && !now.variables.has(name)) changed.push(name);
  const dependent = dependents(new Set(edited), [[before, old], [after, now]]);
  // Two unknown values that look alike may still be others: what is written in terms of an edited one counts as changed.
  for (const [name, one] of now.variables) if (one.state === 'unknown' && !changes.has(name) && dependent.has(name) && !changed.includes(name)) changed.push(name);
  const foreign = changed.find((name) => !dependent.has(name));
  // A name may be a piece of a secret.
  if (foreign !== undefined) throw refuse(shownNames(before).has(foreign) || shownNames(after).has(foreign) ? foreign : (edited[0] as string));
  return changed;
}

/** Everything about the reading but the variables, apart from line numbers. */
const frame = (values: EnvValues) =>
  JSON.stringify([values.certain, values.stopped?.reason, values.stopped?.lost, values.invalidNames.map((one) => one.name), values.doubts.filter((one) => one.wide).map((one) => one.reason)]);

function same(a: EnvValue | undefined, b: EnvValue | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.state === 'unknown' || b.state === 'unknown') return a.state === b.state && (a as { reason: string }).reason === (b as { reason: string }).reason;
  return a.state === b.state && a.value === b.value;
}

/** The names whose value is written, directly or not, in terms of `names`; for an unknown value every name in what makes it unknown counts. */
function dependents(names: Set<string>, files: [EnvFile, EnvValues][]): Set<string> {
  const users = new Map<string, string[]>();
  const note = (used: string, by: string) => {
    const all = users.get(used);
    if (all) all.push(by);
    else users.set(used, [by]);
  };
  const collect = (pieces: Piece[], by: string) => {
    for (const piece of pieces) {
      if (piece.kind === 'variable') {
        note(piece.name, by);
        collect(piece.word, by);
      } else if (!piece.quoted && piece.text.includes('~')) note('HOME', by);
    }
  };
  for (const [file, values] of files) {
    for (const entry of file.entries) for (const one of entry.assignments) collect(one.value, one.name);
    for (const [name, one] of values.variables) {
      if (one.state !== 'unknown') continue;
      // Its own statement, and those before it that may decide whether it runs.
      for (const entry of file.entries) if (entry.line === one.line || (entry.line < one.line && entry.doubt?.reach === 'rest')) for (const [word] of entry.text.matchAll(/[A-Za-z_]\w*/g)) if (word !== name) note(word, name);
    }
  }
  const found = new Set(names);
  // A set is walked to its end, also over what is added on the way.
  for (const name of found) for (const user of users.get(name) ?? []) found.add(user);
  return found;
}
