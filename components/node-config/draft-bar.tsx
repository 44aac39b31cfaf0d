'use client';
/** What isn't saved yet, what the check says to it, and the way on; stays in sight at the foot of the page. */
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { type ShownError, useErrorWords } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';
import type { NodeConfigProblem } from './node-config-data.ts';
import { countOf } from './problem-filter.ts';

type Props = { problems: readonly NodeConfigProblem[]; checking: boolean; error?: ShownError; changed: boolean; /** The file is another one by now: these changes can't be saved over it. */ outdated: boolean; busy: boolean; onDiscard: () => void; onReview: () => void };

export function DraftBar({ problems, checking, error, changed, outdated, busy, onDiscard, onReview }: Props) {
  const t = useTranslations('nodeConfig.draft');
  const errors = useErrorWords();
  const { broken, attention } = countOf(problems);
  return (
    <section aria-label={t('label')} className="sticky bottom-[calc(var(--bar)+8px)] z-20 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line-strong bg-raised px-4 py-3 shadow-overlay">
      <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
        <p className="font-semibold">{changed || checking ? t('title') : t('same')}</p>
        <div aria-live="polite" className="text-sm">
          {error ? <State state="unknown">{errors(error).what}</State>
            : checking ? <State state="working">{t('checking')}</State>
              : broken ? <State state="broken">{t('broken', { count: broken })}</State>
                : attention ? <State state="attention">{t('attention', { count: attention })}</State> : <State state="ok">{t('ok')}</State>}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onDiscard} disabled={busy}>{t('discard')}</Button>
        <Button kind="primary" onClick={onReview} disabled={busy || checking || error !== undefined || !changed || outdated}>{t('review')}</Button>
      </div>
    </section>
  );
}
