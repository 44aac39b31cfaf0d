import type { ConfigRow } from './config-data.ts';

export type Group = ConfigRow['group'];
export const GROUPS: readonly Group[] = ['identity', 'addresses', 'ports', 'seeds', 'storage', 'tls', 'advanced', 'unknown'];

export type ShownGroup = {
  group: Group;
  /** Always in sight: set, required, with a problem, edited, or looked for. */
  rows: ConfigRow[];
  /** Behind the disclosure: neither set nor required. */
  rest: ConfigRow[];
};

type Input = {
  rows: readonly ConfigRow[];
  edited: (row: ConfigRow) => boolean;
  problem: (row: ConfigRow) => boolean;
  /** What the row can be found by besides its name: label and help in the reader's language. */
  words: (row: ConfigRow) => string;
  search: string;
  group?: Group;
};

/** The form's groups with something in them. A search looks everywhere and hides nothing that it found. */
export function shownGroups({ rows, edited, problem, words, search, group }: Input): ShownGroup[] {
  const wanted = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = (row: ConfigRow) => {
    if (wanted.length === 0) return true;
    const text = `${row.name} ${words(row)}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  const inSight = (row: ConfigRow) => wanted.length > 0 || row.set || row.required || edited(row) || problem(row) || row.line !== undefined;
  return GROUPS.filter((one) => wanted.length > 0 || !group || one === group).flatMap((one): ShownGroup[] => {
    const own = rows.filter((row) => row.group === one && found(row));
    return own.length === 0 ? [] : [{ group: one, rows: own.filter(inSight), rest: own.filter((row) => !inSight(row)) }];
  });
}
