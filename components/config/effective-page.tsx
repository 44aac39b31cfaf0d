'use client';
/** What each container really has, beside what the file says and what compose would give it: differences first. */
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { EffectiveNow } from './config-data.ts';
import { ConfigTabs } from './config-tabs.tsx';
import { differences, EffectiveCard } from './effective-card.tsx';

export function EffectivePage() {
  const t = useTranslations('config.effective');
  const shell = useTranslations('shell');
  const services = useTranslations('services');
  const { data, error, reload } = usePanelData<EffectiveNow>('/api/config/effective', { every: 15_000 });
  const [request, ask] = useState<OperationRequest>();
  const known = data && !data.error;
  const odd = data?.services.filter((one) => differences(one).length > 0) ?? [];
  const unknown = data?.services.filter((one) => one.error).length ?? 0;
  const title = !data ? t('title') : !known || (unknown > 0 && odd.length === 0) ? t('head.unknown') : data.services.length === 0 ? t('title') : data.services.every((one) => !one.container) ? t('head.none') : odd.length ? t('head.differs', { count: odd.length }) : t('head.same');
  const sorted = data?.services.toSorted((a, b) => differences(b).length - differences(a).length || Number(b.error !== undefined) - Number(a.error !== undefined) || Number(b.container !== undefined) - Number(a.container !== undefined)) ?? [];
  return (
    <Page>
      <PageHead title={title} facts={data ? <><span className="max-w-[75ch]">{t('intro')}</span><span>{t('read')} <TimeAgo at={data.at} className="font-semibold text-ink" /></span></> : <Skeleton className="h-4 w-72" />} />
      <ConfigTabs />
      {error && <ErrorNotice error={error} />}
      {data?.error && <ErrorNotice error={data.error} state="unknown" action={data.error.code === 'operation_no_deployment' && <ButtonLink size="sm" href="/deployment">{services('noDeployment.action')}</ButtonLink>} />}
      <RunningOperations />
      {!data && !error && <Loading label={shell('loading')} className="grid gap-4 md:gap-6"><Card title={<Skeleton className="h-4 w-20" />}><SkeletonRows rows={4} /></Card><Card title={<Skeleton className="h-4 w-20" />}><SkeletonRows rows={4} /></Card></Loading>}
      {known && data.services.length === 0 && <Card><Empty title={t('none.title')} action={<ButtonLink href="/deployment">{services('toDeployment')}</ButtonLink>}>{t('none.text')}</Empty></Card>}
      {sorted.map((one) => <EffectiveCard key={one.service} one={one} onAsk={ask} />)}
      <OperationDialog request={request} onClose={() => { ask(undefined); void reload(); }} onStarted={() => void reload()} />
    </Page>
  );
}
