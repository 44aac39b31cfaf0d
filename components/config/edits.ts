import type { ConfigChange, ConfigNow, ConfigRow } from './config-data.ts';

/** What a person typed and nobody saved: single values (null takes the line out) or the whole text. Never both. */
export type Edits = { by: 'values'; values: Record<string, string | null> } | { by: 'text'; text: string };

export const NO_EDITS: Edits = { by: 'values', values: {} };

export const isDirty = (edits: Edits): boolean => edits.by === 'text' || Object.keys(edits.values).length > 0;

/** The value that a row's control shows; undefined: nothing, the line is or will be absent. A secret that is set shows nothing. */
export function shownValue(row: ConfigRow, edits: Edits): string | undefined {
  const edit = edits.by === 'values' ? edits.values[row.name] : undefined;
  return edit === undefined ? row.value : (edit ?? undefined);
}

/** Edits with one more; back at what the file says it is none, and `undefined` takes it back. */
export function withEdit(edits: Edits, row: ConfigRow, value: string | null | undefined): Edits {
  const values = { ...(edits.by === 'values' ? edits.values : {}) };
  delete values[row.name];
  const absent = row.line === undefined;
  // An emptied control of a variable that isn't there, and a secret's emptied control, mean "nothing new".
  const same = value === null ? absent : row.secret ? value === '' : value === (row.value ?? '');
  return { by: 'values', values: value === undefined || same ? values : { ...values, [row.name]: value } };
}

/** Whether the row's value is another one than the file's. */
export const isEdited = (row: ConfigRow, edits: Edits): boolean => edits.by === 'values' && Object.hasOwn(edits.values, row.name);

/** Text edits as edits; a text that is the file's own is none. */
export const textEdits = (text: string, opened: Pick<ConfigNow, 'text'>): Edits => (text === opened.text ? NO_EDITS : { by: 'text', text });

/** The body of check, plan and save. */
export function changeOf(edits: Edits, version: string): ConfigChange {
  return edits.by === 'text' ? { by: 'text', version, text: edits.text } : { by: 'values', version, values: edits.values };
}
