'use client';
/** `/leave`: how to stop without losing anything. While an exit runs it is its live page, in every browser. */
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Card } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page } from '../ui/page.tsx';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { ExitBody } from './exit-body.tsx';
import { LeaveStart } from './leave-start.tsx';
import { useLeave } from './use-leave.ts';

export function LeavePage() {
  const t = useTranslations('leave');
  const { data, error, reload } = useLeave();
  return (
    <Page>
      {error && <ErrorNotice error={error} state="unknown" />}
      {!data ? !error && <LeaveLoading /> : data.running ? <ExitBody view={data.running} reload={() => void reload()} /> : <LeaveStart now={data} reload={() => void reload()} />}
      {data && <p className="text-base text-ink-2"><Link className="link inline-flex items-center underline max-sm:min-h-11" href="/leave/reset">{t('toReset')}</Link></p>}
    </Page>
  );
}

export function LeaveLoading() {
  const shell = useTranslations('shell');
  return (
    <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
      <div className="grid gap-3 pb-1"><Skeleton className="h-8 w-72 max-w-full" /><Skeleton className="h-4 w-80 max-w-full" /></div>
      <Card><div className="grid gap-4 p-4.5"><Skeleton className="h-4 w-48" /><Skeleton className="h-9 w-full" /><Skeleton className="h-14 w-full" /></div></Card>
      <Card><SkeletonRows rows={6} /></Card>
    </Loading>
  );
}
