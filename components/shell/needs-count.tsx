'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useOverview } from '../overview/use-overview.ts';

/** How many things need the operator; nothing when none does or it can't be told. */
export function NeedsCount({ className }: { className?: string }) {
  const t = useTranslations('nav');
  const needs = useOverview().data?.needs ?? [];
  const worst = needs.some((need) => need.level === 'broken') ? 'bad' : 'warn';
  const count = needs.filter((need) => need.level === 'broken' || need.level === 'attention').length;
  if (!count) return null;
  return (
    <span className={clsx('num min-w-5 rounded-full px-1.5 text-center text-xs leading-5 font-semibold', worst === 'bad' ? 'bg-bad-soft text-bad' : 'bg-warn-soft text-warn', className)}>
      <span aria-hidden="true">{count}</span><span className="sr-only">{t('needs', { count })}</span>
    </span>
  );
}
