import type { ConfigChange } from '../config/config-data.ts';
import type { ConfigurationNow, GuideField } from './configuration-data.ts';

/** What was typed or taken over, by variable. A variable that isn't here shows its start value. */
export type Typed = Readonly<Record<string, string>>;

/** What this browser knows besides: the account key, and passwords it made for things that are switched off. */
export type Known = { accountKey?: string; made: Readonly<Record<string, string>> };

/**
 * The value that a field begins with. What config.env says already stays; where it says nothing, or where there is only the
 * template, this machine's proposal comes first.
 */
export function startValue({ row, suggestion, guide }: GuideField, { fromTemplate }: Pick<ConfigurationNow, 'fromTemplate'>, known: Known): string {
  if (!fromTemplate && row.set) return row.value ?? '';
  if (row.name === 'ACCOUNT_PUBKEY') return known.accountKey ?? '';
  if (row.secret) return guide ? '' : (known.made[row.name] ?? '');
  return suggestion?.value ?? row.value ?? '';
}

const P2P_PORT = 5000;

/** All values as the form shows them. Without an address of its own the P2P address follows the public URL. */
export function shownValues(now: ConfigurationNow, typed: Typed, known: Known): Record<string, string> {
  const values = Object.fromEntries(now.fields.map((field) => [field.row.name, typed[field.row.name] ?? startValue(field, now, known)]));
  const host = URL.parse(values.PUBLIC_URL ?? '')?.hostname;
  if (values.P2P_EXTERNAL_ADDRESS === '' && typed.P2P_EXTERNAL_ADDRESS === undefined && host) values.P2P_EXTERNAL_ADDRESS = `tcp://${host}:${P2P_PORT}`;
  return values;
}

/** What a save would write: the values that differ from the file's, or from its template's. Empty fields are left as they are. */
export function changeOfValues(now: ConfigurationNow, values: Readonly<Record<string, string>>): ConfigChange | undefined {
  const changed = now.fields.flatMap(({ row }): [string, string][] => {
    const value = values[row.name] ?? '';
    if (value === '' || row.readOnly) return [];
    return !row.secret && row.set && row.value === value ? [] : [[row.name, value]];
  });
  return changed.length > 0 ? { by: 'values', version: now.version, values: Object.fromEntries(changed) } : undefined;
}

/** Variables that still have no value. */
export const missingIn = (now: ConfigurationNow, values: Readonly<Record<string, string>>): string[] => now.fields.filter(({ row }) => !row.set && (values[row.name] ?? '') === '').map(({ row }) => row.name);
