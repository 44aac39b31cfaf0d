'use client';
import { useTranslations } from 'next-intl';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { At, TimeAgo } from '../ui/time-ago.tsx';
import type { ExitView } from './leave-data.ts';

/** What keeps an exit from going on, what that means and what to do about it; it is tried again meanwhile. */
export function ExitFailing({ failing: { code, params, since } }: { failing: NonNullable<ExitView['failing']> }) {
  const t = useTranslations('leave.failing');
  const { what, means, next } = useErrorWords()({ code, params });
  return (
    <Notice state="attention" live title={t('title')}>
      <p>{what}</p>
      {means && <p>{means}</p>}
      {next && <p>{next}</p>}
      <p>{t.rich(code.startsWith('database_') ? 'unwritten' : 'since', { at: () => <At at={since} />, ago: () => <TimeAgo at={since} /> })}</p>
    </Notice>
  );
}
