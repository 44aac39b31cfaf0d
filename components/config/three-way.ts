import type { ConfigRow } from './config-data.ts';

/** What is compared: a variable of config.env, a field of an ML node. */
export type Row = Pick<ConfigRow, 'name' | 'secret' | 'set' | 'value' | 'line'>;
type Values = Record<string, string | null>;
/** One side of a row; `value` is absent for a secret and for what isn't set. */
export type Side = { set: boolean; value?: string };
/** One that you edited and the file changed since you opened it. A secret's values can't be compared here: it is always asked about. */
export type Collision = { name: string; secret: boolean; opened: Side; file: Side; yours: string | null };

export type Comparison = {
  collisions: Collision[];
  /** Your edits that the file's change doesn't touch. */
  untouched: Values;
  /** Edits that the file has by now too. */
  already: string[];
  /** What the file changed and you didn't. */
  theirs: string[];
};

const sideOf = (row: Row | undefined): Side => ({ set: row?.set ?? false, ...(row?.value === undefined ? {} : { value: row.value }) });
const same = (a: Row | undefined, b: Row | undefined) => (a?.set ?? false) === (b?.set ?? false) && a?.value === b?.value && (a?.line === undefined) === (b?.line === undefined);

/** Three ways: the file as it was opened, as it is now, and the edits made in between. */
export function compareEdits(opened: readonly Row[], now: readonly Row[], edits: Values): Comparison {
  const before = new Map(opened.map((row) => [row.name, row]));
  const after = new Map(now.map((row) => [row.name, row]));
  const result: Comparison = { collisions: [], untouched: {}, already: [], theirs: [] };
  for (const [name, yours] of Object.entries(edits)) {
    const [old, file] = [before.get(name), after.get(name)];
    const secret = (file ?? old)?.secret ?? false;
    const there = yours === null ? file?.line === undefined : !secret && file?.value === yours;
    if (there) result.already.push(name);
    else if (secret || !same(old, file)) result.collisions.push({ name, secret, opened: sideOf(old), file: sideOf(file), yours });
    else result.untouched[name] = yours;
  }
  for (const name of new Set([...before.keys(), ...after.keys()])) if (!Object.hasOwn(edits, name) && !same(before.get(name), after.get(name))) result.theirs.push(name);
  return result;
}

/** The edits that go on, on top of the file as it is now. `choices`: which side a collision takes. */
export function resolved({ untouched, collisions }: Comparison, choices: Record<string, 'yours' | 'file'>): Values {
  return { ...untouched, ...Object.fromEntries(collisions.filter(({ name }) => choices[name] === 'yours').map(({ name, yours }) => [name, yours])) };
}
