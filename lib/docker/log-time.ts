/**
 * Log times are RFC 3339 in UTC with nine digits of seconds, as the engine prints them: they compare as strings.
 */

const EXACT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;
export const TIME_LENGTH = 30;

/** The engine drops trailing zeros in some places; put them back. Undefined for what is no UTC time. */
export function logTime(text: string | undefined): string | undefined {
  const parts = text === undefined ? null : EXACT.exec(text);
  return parts ? `${parts[1]}.${(parts[2] ?? '').padEnd(9, '0')}Z` : undefined;
}

/** A moment of the panel's own clock (ms since 1970). */
export const fromMillis = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000000Z`;

/** The time `ms` milliseconds later (or earlier), the digits below kept. */
export function shiftTime(time: string, ms: number): string {
  const moved = new Date(Date.parse(`${time.slice(0, 23)}Z`) + ms).toISOString();
  return `${moved.slice(0, 23)}${time.slice(23, 29)}Z`;
}

/** As the engine's `since` and `until` take it: seconds with nine digits. */
export const toEngineTime = (time: string): string => `${Math.floor(Date.parse(`${time.slice(0, 19)}Z`) / 1000)}.${time.slice(20, 29)}`;

/** What a person or a script may give as `since`: RFC 3339 with any offset, or seconds since 1970 with a fraction. */
export function parseTime(text: string): string | undefined {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) {
    const [seconds, fraction = ''] = text.split('.') as [string, string?];
    const date = new Date(Number(seconds) * 1000);
    if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return undefined;
    return `${date.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
  }
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const exact = logTime(text);
  if (exact && !Number.isNaN(Date.parse(exact))) return exact;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const fraction = /\.(\d{1,9})/.exec(text)?.[1];
  return fraction ? `${new Date(ms).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z` : fromMillis(ms);
}
