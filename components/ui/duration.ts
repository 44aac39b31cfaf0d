'use client';
/** `useDuration()` says a length of time in two units at most ("3 h 12 min"); `useClock()` says a moment in the server's time zone. */
import { useFormatter, useTranslations } from 'next-intl';
import { useTick } from './tick.ts';

/** At most two neighbouring units, cut and not rounded: 3 h 12 min. Below an hour one unit, from a week on days alone. */
export function splitDuration(ms: number): { unit: 'd' | 'h' | 'min' | 's'; value: number }[] {
  const s = Math.max(0, Math.floor(ms / 1000));
  const d = Math.floor(s / 86_400), h = Math.floor((s % 86_400) / 3600), min = Math.floor((s % 3600) / 60);
  if (d >= 7) return [{ unit: 'd', value: d }];
  if (d) return h ? [{ unit: 'd', value: d }, { unit: 'h', value: h }] : [{ unit: 'd', value: d }];
  if (h) return min ? [{ unit: 'h', value: h }, { unit: 'min', value: min }] : [{ unit: 'h', value: h }];
  return min ? [{ unit: 'min', value: min }] : [{ unit: 's', value: s }];
}

export function useDuration() {
  const t = useTranslations('time');
  /** `coarse` keeps the first unit only (ages); otherwise two (countdowns). */
  return (ms: number, coarse = false) => (coarse ? splitDuration(ms).slice(0, 1) : splitDuration(ms)).map(({ unit, value }) => t(unit, { value })).join(' ');
}

/** `clock(ms)` → "14:05", "tomorrow 12:58", "Nov 25, 12:58"; with `seconds` for short spans. `full(ms)` → with date, seconds and zone. */
export function useClock() {
  const format = useFormatter();
  const t = useTranslations('time');
  const now = useTick(60_000);
  const day = (ms: number) => format.dateTime(new Date(ms), { year: 'numeric', month: '2-digit', day: '2-digit' });
  return {
    clock: (ms: number, seconds = false) => {
      const at = format.dateTime(new Date(ms), { hour: '2-digit', minute: '2-digit', second: seconds ? '2-digit' : undefined, hourCycle: 'h23' });
      if (day(ms) === day(now)) return at;
      if (day(ms) === day(now + 86_400_000)) return t('tomorrowAt', { at });
      if (day(ms) === day(now - 86_400_000)) return t('yesterdayAt', { at });
      return `${format.dateTime(new Date(ms), { month: 'short', day: 'numeric' })} ${at}`;
    },
    full: (ms: number) => format.dateTime(new Date(ms), { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short' }),
  };
}
