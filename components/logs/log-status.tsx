'use client';
/** The bar below: what the stream does, how fast, what got lost, and what a screen reader should hear of it. */
import { useFormatter, useTranslations } from 'next-intl';
import { useErrorWords } from '../ui/error-notice.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import type { FollowState } from './follow.ts';
import type { LogStats } from './use-log-stats.ts';

type Props = { stats?: LogStats; follow: FollowState; services: number; keys: boolean; copied: string };

export function LogStatus({ stats, follow, services, keys, copied }: Props) {
  const t = useTranslations('logs');
  const format = useFormatter();
  const words = useErrorWords();
  const [state, text] = ((): [StateWord, string] => {
    const status = stats?.status;
    if (!stats || services === 0) return ['unknown', t('idle')];
    if (stats.heldBy === 'full') return ['attention', t('heldFull')];
    if (stats.heldBy === 'hidden' || !status || status.state === 'connecting' || status.state === 'closed') return ['working', t('connecting')];
    if (status.state === 'waiting') return ['attention', t('waiting', { why: words(status.problem).what })];
    if (follow.mode === 'paused' && follow.by === 'link') return ['attention', t('pausedShort')];
    if (follow.mode === 'paused') return ['attention', t('paused', { unseen: stats.unseen })];
    return ['ok', t('following', { services })];
  })();
  const rate = stats?.rate ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-x-4.5 gap-y-0.5 border-t px-4 py-1.5 text-xs text-ink-3 max-sm:px-3">
      <State state={state} className="num min-w-0 text-xs">{text}</State>
      <span className="num sm:hidden">{!stats ? null : stats.progress < 1 ? t('looking', { percent: Math.floor(stats.progress * 100) }) : t('shownOf', { shown: stats.shown, total: stats.total })}</span>
      <span className="num">{t('rate', { rate: format.number(rate, { maximumFractionDigits: rate < 10 ? 1 : 0 }) })}</span>
      <span className={stats?.lost ? 'num text-bad' : 'num max-sm:hidden'}>{t('lost', { count: stats?.lost ?? 0 })}</span>
      {!!stats?.dropped && <span className="num" title={t('droppedWhy')}>{t('dropped', { count: stats.dropped })}</span>}
      {!!stats?.unreachable && <span className="num" title={t('unreachableWhy')}>{t('unreachable', { count: stats.unreachable })}</span>}
      <span role="status" className={copied ? 'text-ink-2' : 'sr-only'}>{copied}</span>
      {/* State changes are announced, the numbers that run are not. */}
      <span role="status" className="sr-only">{follow.mode === 'paused' && stats?.status.state === 'open' ? t('pausedShort') : text}</span>
      {keys && <span className="ml-auto max-lg:hidden">{t('keyHint')}</span>}
    </div>
  );
}
