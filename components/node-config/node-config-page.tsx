'use client';
import { useTranslations } from 'next-intl';
import { ConfigTabs } from '../config/config-tabs.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import type { NodeConfigNow } from './node-config-data.ts';
import { NodeConfigEditor } from './node-config-editor.tsx';

export function NodeConfigPage() {
  const t = useTranslations('nodeConfig');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<NodeConfigNow>('/api/config/ml-nodes', { every: 15_000 });
  if (now && !('noDeployment' in now)) return <Page>{error && <ErrorNotice error={error} />}<NodeConfigEditor now={now} reload={reload} /></Page>;
  return (
    <Page>
      <PageHead title={t('title')} facts={!now && !error && <Skeleton className="h-4 w-56" />} />
      <ConfigTabs />
      {error && <ErrorNotice error={error} action={<ButtonLink size="sm" href="/deployment">{t('toDeployment')}</ButtonLink>} />}
      {now && <Card><Empty title={t('noDeployment.title')} action={<><ButtonLink kind="primary" href="/deployment">{t('toDeployment')}</ButtonLink><ButtonLink href="/config/models">{t('toModels')}</ButtonLink></>}>{t('noDeployment.text')}</Empty></Card>}
      {!now && !error && (
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
          <Skeleton className="h-20 w-full" />
          <Card title={t('field.models')}><SkeletonRows rows={5} /></Card>
          <Card title={t('drift.title')}><SkeletonRows rows={3} /></Card>
        </Loading>
      )}
    </Page>
  );
}
