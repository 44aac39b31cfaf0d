'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useOverview } from '../overview/use-overview.ts';
import { StateMark } from '../ui/state.tsx';

/** An exit is under way, on whatever page one is; the sign of attention where it waits for a person. */
export function LeavingMark({ className }: { className?: string }) {
  const t = useTranslations('leave.running');
  const leaving = useOverview().data?.leaving;
  if (!leaving) return null;
  return <span className={clsx('inline-flex', className)}><StateMark state={leaving.question || leaving.mayResume || leaving.failing ? 'attention' : 'working'} /><span className="sr-only">{t('badge')}</span></span>;
}
