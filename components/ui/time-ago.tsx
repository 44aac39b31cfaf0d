'use client';
/**
 * `<TimeAgo at={ms} />`: "3 min ago" (or "in 3 h 12 min"), the absolute time with the server's zone on hover. `bare` leaves "ago" out ("6 d").
 * `<Countdown to={ms} />`: "3 h 12 min", ticking; `<At at={ms} />`: the clock time alone.
 */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useClock, useDuration } from './duration.ts';
import { useTick } from './tick.ts';

type When = number | string | Date;
export const toMs = (at: When) => (typeof at === 'number' ? at : new Date(at).getTime());

export function TimeAgo({ at, bare, className }: { at: When; bare?: boolean; className?: string }) {
  const t = useTranslations('time');
  const now = useTick(1000);
  const duration = useDuration();
  const { full } = useClock();
  const ms = toMs(at);
  if (!Number.isFinite(ms)) return <span className={className}>–</span>;
  const gap = now - ms;
  const text = gap < -1500 ? t('in', { span: duration(-gap) }) : bare ? duration(gap, true) : gap < 1500 ? t('justNow') : t('ago', { span: duration(gap, true) });
  return <time dateTime={new Date(ms).toISOString()} title={full(ms)} className={clsx('whitespace-nowrap', className)}>{text}</time>;
}

export function Countdown({ to, className }: { to: When; className?: string }) {
  const now = useTick(1000);
  const duration = useDuration();
  const { full } = useClock();
  const ms = toMs(to);
  return <time dateTime={new Date(ms).toISOString()} title={full(ms)} className={clsx('whitespace-nowrap', className)}>{duration(ms - now)}</time>;
}

export function At({ at, seconds, className }: { at: When; seconds?: boolean; className?: string }) {
  const { clock, full } = useClock();
  const ms = toMs(at);
  return <time dateTime={new Date(ms).toISOString()} title={full(ms)} className={clsx('whitespace-nowrap', className)}>{clock(ms, seconds)}</time>;
}
