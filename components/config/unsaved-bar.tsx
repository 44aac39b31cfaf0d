'use client';
/** What isn't saved yet, what the check says to it, and the way on; stays in sight at the foot of the page. */
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';
import type { Edits } from './edits.ts';
import type { Checked } from './use-config-check.ts';

type Props = { edits: Edits; checked: Checked; /** An operation writes them now. */ saving: boolean; busy: boolean; onDiscard: () => void; onReview: () => void };

export function UnsavedBar({ edits, checked, saving, busy, onDiscard, onReview }: Props) {
  const t = useTranslations('config.unsaved');
  const shell = useTranslations('shell');
  const errors = useErrorWords();
  const count = edits.by === 'values' ? Object.keys(edits.values).length : (checked.check?.changed.length ?? 0);
  const { check, error, checking } = checked;
  const broken = check?.problems.filter((one) => one.level === 'broken').length ?? 0;
  const odd = (check?.problems.length ?? 0) - broken;
  return (
    <section aria-label={t('label')} className="sticky bottom-[calc(var(--bar)+8px)] z-20 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line-strong bg-raised px-4 py-3 shadow-overlay">
      <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
        <p className="font-semibold">{edits.by === 'text' ? t('text') : t('values', { count })}</p>
        <div aria-live="polite" className="text-sm">
          {saving ? <State state="working">{t('saving')}</State> : error ? <span className="flex flex-wrap items-center gap-2"><State state="unknown">{errors(error).what}</State><span className="text-ink-2">{t('nothingLost')}</span><Button size="sm" onClick={checked.again}>{shell('tryAgain')}</Button></span>
            : checking || !check ? <State state="working">{t('checking')}</State>
              : broken ? <State state="broken">{t('broken', { count: broken })}</State>
                : odd ? <State state="attention">{t('odd', { count: odd })}</State> : <State state="ok">{t('ok')}</State>}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onDiscard} disabled={busy}>{t('discard')}</Button>
        <Button kind="primary" onClick={onReview} disabled={busy}>{t('review')}</Button>
      </div>
    </section>
  );
}
