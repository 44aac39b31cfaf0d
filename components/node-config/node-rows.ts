import type { Row } from '../config/three-way.ts';
import type { NodeConfigEntry } from './node-config-data.ts';

type Entries = readonly NodeConfigEntry[];
type Values = Record<string, string | null>;
type Nodes = Map<string, NodeConfigEntry>;
/** Joins what is shown as the reader's language does. All versions that are compared take the same one: the joined values are compared. */
type Join = (names: readonly string[]) => string;

/** How a node is called here: by its id, with its place where that doesn't tell it from another. */
function keyed(entries: Entries): Nodes {
  const found: Nodes = new Map();
  for (const [i, entry] of entries.entries()) {
    const id = entry.id.trim();
    found.set(id === '' || found.has(id) ? `${id}#${i + 1}` : id, entry);
  }
  return found;
}

type Part = { name: string; value: string; put: (to: NodeConfigEntry) => NodeConfigEntry; drop: (from: NodeConfigEntry) => NodeConfigEntry };

/** What of a node is compared by itself: each field, and each model with its arguments. */
function parts(key: string, entry: NodeConfigEntry, list: Join): Part[] {
  const field = <K extends keyof NodeConfigEntry>(name: string, own: K, empty: NodeConfigEntry[K], text = (value: NonNullable<NodeConfigEntry[K]>) => String(value)): Part[] => {
    const value = entry[own];
    return value === undefined || value === null ? [] : [{ name: `${key} ${name}`, value: text(value), put: (to) => ({ ...to, [own]: value }), drop: (from) => ({ ...from, [own]: empty }) }];
  };
  return [
    ...field('host', 'host', ''), ...field('base_url', 'baseUrl', undefined), ...field('inference_port', 'inferencePort', 0), ...field('inference_segment', 'inferenceSegment', undefined),
    ...field('poc_port', 'pocPort', 0), ...field('poc_segment', 'pocSegment', undefined), ...field('max_concurrent', 'maxConcurrent', 0),
    ...field('hardware', 'hardware', undefined, (cards) => list(cards.map(({ type, count }) => `${count} × ${type}`))),
    ...entry.models.map(({ id, args }): Part => ({
      name: `${key} ${id}`, value: args.every((token) => /^[^\s"]+$/.test(token)) ? args.join(' ') : JSON.stringify(args),
      put: (to) => ({ ...to, models: to.models.some((one) => one.id === id) ? to.models.map((one) => (one.id === id ? { ...one, args } : one)) : [...to.models, { id, args }] }),
      drop: (from) => ({ ...from, models: from.models.filter((one) => one.id !== id) }),
    })),
  ];
}

/** Nodes that were added or removed here: one decision each. */
function whole(opened: Entries, mine: Entries): Set<string> {
  const [before, after] = [keyed(opened), keyed(mine)];
  return new Set([...before.keys(), ...after.keys()].filter((key) => before.has(key) !== after.has(key)));
}

const summary = (all: readonly Part[], list: Join) => list(all.map(({ name, value }) => `${name.slice(name.indexOf(' ') + 1)}: ${value}`));

/** The nodes of one version of the file as rows that `compareEdits` compares. `opened` and `mine`: what was changed here. */
export function nodeRows(entries: Entries, opened: Entries, mine: Entries, list: Join): Row[] {
  const one = whole(opened, mine);
  return [...keyed(entries)].flatMap(([key, entry]) => {
    const all = parts(key, entry, list);
    return (one.has(key) ? [{ name: key, value: summary(all, list) }] : all).map(({ name, value }): Row => ({ name, value, set: true, secret: false, line: 1 }));
  });
}

type Change = { name: string; key: string; value: string | null; to: (there: NodeConfigEntry) => NodeConfigEntry };

function changes(opened: Entries, mine: Entries, list: Join): Change[] {
  const [before, after] = [keyed(opened), keyed(mine)];
  const one = whole(opened, mine);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Change[] => {
    const [old, own] = [before, after].map((side) => side.get(key)).map((entry) => (entry ? parts(key, entry, list) : [])) as [Part[], Part[]];
    if (one.has(key)) return [{ name: key, key, value: after.has(key) ? summary(own, list) : null, to: (there) => there }];
    return [
      ...own.filter(({ name, value }) => old.find((part) => part.name === name)?.value !== value).map(({ name, value, put }) => ({ name, key, value, to: put })),
      ...old.filter(({ name }) => !own.some((part) => part.name === name)).map(({ name, drop }) => ({ name, key, value: null, to: drop })),
    ];
  });
}

/** What was changed here since the file was opened, by the names of `nodeRows`; null: taken out. */
export const nodeEdits = (opened: Entries, mine: Entries, list: Join): Values => Object.fromEntries(changes(opened, mine, list).map(({ name, value }) => [name, value]));

/** The nodes of the file as it is now with `chosen` of the changes that were made here. A node that is gone there comes back whole. */
export function mergedNodes(now: Entries, opened: Entries, mine: Entries, chosen: Values): NodeConfigEntry[] {
  const one = whole(opened, mine);
  const [old, own, there, result] = [opened, mine, now, now].map(keyed) as [Nodes, Nodes, Nodes, Nodes];
  for (const { name, key, to } of changes(opened, mine, (names) => names.join())) {
    if (!Object.hasOwn(chosen, name)) continue;
    const [entry, yours] = [result.get(key), own.get(key)];
    if (!yours) result.delete(key);
    else if (one.has(key) || !entry) result.set(key, fresh(yours, there.get(key)));
    else result.set(key, to(entry));
  }
  return [...result].map(([key, entry]) => withTokensOf(entry, old.get(key), there.get(key)));
}

/** Places in another version's text say nothing here; unknown fields are those of the node that is there. */
const fresh = ({ from: _from, models, ...entry }: NodeConfigEntry, there: NodeConfigEntry | undefined): NodeConfigEntry => ({
  ...entry,
  extra: there?.extra ?? [],
  ...(there?.from === undefined ? {} : { from: there.from }),
  models: models.map(({ id, args }) => ({ ...there?.models.find((one) => one.id === id), id, args })),
});

const TOKEN = /⟪secret \d+⟫/g;
const tokensOf = (entry: NodeConfigEntry | undefined, model: string): string[] => entry?.models.find(({ id }) => id === model)?.args.join('\n').match(TOKEN) ?? [];

/** `⟪secret 2⟫` of the file that was opened may be another secret in the file of now: each is the same one's of that model there, or has to be typed again. */
function withTokensOf(entry: NodeConfigEntry, opened: NodeConfigEntry | undefined, now: NodeConfigEntry | undefined): NodeConfigEntry {
  return {
    ...entry,
    models: entry.models.map((model) => {
      const [before, after] = [tokensOf(opened, model.id), tokensOf(now, model.id)];
      const own = now?.models.find(({ id }) => id === model.id)?.args;
      if (own && JSON.stringify(own) === JSON.stringify(model.args)) return model;
      return { ...model, args: model.args.map((token) => token.replace(TOKEN, (secret) => after[before.indexOf(secret)] ?? '<SECRET>')) };
    }),
  };
}
