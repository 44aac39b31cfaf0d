export type TimeMode = 'server' | 'browser' | 'utc' | 'off';

const two = (n: number) => (n < 10 ? `0${n}` : String(n));
const three = (n: number) => (n < 10 ? `00${n}` : n < 100 ? `0${n}` : String(n));

/** How far a zone is ahead of UTC at a moment, in ms. */
function zoneOffset(format: Intl.DateTimeFormat | undefined, ms: number): number {
  if (!format) return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value);
  return Date.UTC(part.year ?? 1970, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second) - Math.floor(ms / 1000) * 1000;
}

/**
 * Writes times for the column: `10:52:58.121` for today, `11-22 10:52:58` for another day, '' when the line has none. Asks the zone's rules once
 * every quarter of an hour of log time.
 */
export function timeColumn(zone: string, now: () => number = Date.now): (micros: number) => string {
  const format = zone === 'UTC' ? undefined : new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  const shifting = () => {
    let quarter = Number.NaN;
    let offset = 0;
    return (ms: number) => {
      const wanted = Math.floor(ms / 900_000);
      if (wanted !== quarter) { quarter = wanted; offset = zoneOffset(format, ms); }
      return ms + offset;
    };
  };
  const shifted = shifting();
  const shiftedNow = shifting();
  return (micros) => {
    if (!Number.isFinite(micros)) return '';
    const today = Math.floor(shiftedNow(now()) / 86_400_000);
    const ms = shifted(Math.floor(micros / 1000));
    const date = new Date(ms);
    const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    if (Math.floor(ms / 86_400_000) === today) return `${clock}.${three(date.getUTCMilliseconds())}`;
    return `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} ${clock}`;
  };
}

/** RFC 3339 to the microsecond, as a permalink carries it. */
export function microsToIso(micros: number): string {
  if (!Number.isFinite(micros)) return '';
  const ms = Math.floor(micros / 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${three(Math.round(micros - ms * 1000))}Z`;
}
