'use client';
import { useTranslations } from 'next-intl';
import { type ShownError, useErrorWords } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';

/** What the check says, in one line beside the button. */
export function CheckState({ checking, error, counts: { broken, attention } }: { checking: boolean; error?: ShownError; counts: { broken: number; attention: number } }) {
  const t = useTranslations('nodeConfig.draft');
  const own = useTranslations('mlNodes.send');
  const errors = useErrorWords();
  if (error) return <State state="unknown">{errors(error).what}</State>;
  if (checking) return <State state="working">{t('checking')}</State>;
  if (broken > 0) return <State state="broken">{own('broken', { count: broken })}</State>;
  return attention > 0 ? <State state="attention">{t('attention', { count: attention })}</State> : <State state="ok">{t('ok')}</State>;
}
