'use client';
import { useTranslations } from 'next-intl';
import { RunningOperations } from '../operations/running-operations.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page } from '../ui/page.tsx';
import { EpochCard } from '../epochs/epoch-card.tsx';
import { LeavingNow } from '../leave/leaving-now.tsx';
import { NeedsYou } from './needs-you.tsx';
import { LastOperations } from './last-operations.tsx';
import { ServicesStrip } from './services-strip.tsx';
import { useOverview } from './use-overview.ts';
import { VerdictHead, VerdictLoading } from './verdict-head.tsx';
import { Card } from '../ui/card.tsx';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';

export function OverviewPage() {
  const t = useTranslations('overview');
  const shell = useTranslations('shell');
  const { data, error } = useOverview();
  if (!data) {
    return (
      <Page>
        {error && <ErrorNotice error={error} />}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
          <VerdictLoading />
          <Card><div className="grid gap-4 p-4.5"><Skeleton className="h-4 w-48" /><Skeleton className="h-9 w-full" /><Skeleton className="h-4 w-full" /><Skeleton className="h-10 w-full" /></div></Card>
          <Card title={t('services')}><SkeletonRows rows={6} /></Card>
        </Loading>
      </Page>
    );
  }
  return (
    <Page>
      {error && <ErrorNotice error={error} />}
      <VerdictHead overview={data} />
      {data.leaving && <LeavingNow leaving={data.leaving} />}
      <NeedsYou needs={data.needs} />
      <RunningOperations />
      <EpochCard reading={data.network?.epoch} link />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 xl:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)]">
        <ServicesStrip services={data.services} deployment={data.deployment.state} />
        <LastOperations operations={data.operations} />
      </div>
    </Page>
  );
}
