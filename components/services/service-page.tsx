'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OperationRows } from '../history/operation-rows.tsx';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { useOperations } from '../operations/use-operations.ts';
import { LogPane } from '../start-chain/log-pane.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useTick } from '../ui/tick.ts';
import { containerWords, imageTag } from './container-state.ts';
import { PageActions } from './service-actions.tsx';
import { ComposeFacts, ContainerFacts } from './service-facts.tsx';
import { ServiceState } from './service-state.tsx';
import { ServiceTrouble } from './service-trouble.tsx';
import { engineErrorOf, type ServicesUse } from './services-data.ts';
import { useServices } from './use-services.ts';

export function ServicePage({ name }: { name: string }) {
  const t = useTranslations('services');
  const shell = useTranslations('shell');
  const { services: now, error, reload } = useServices();
  const last = useOperations({ service: [name], limit: 5 });
  const [request, ask] = useState<OperationRequest>();
  const time = useTick(5000);
  const running = now?.services.find((s) => s.name === name)?.container?.state === 'running';
  const { data: use } = usePanelData<ServicesUse>(running ? `/api/services/use?service=${encodeURIComponent(name)}` : null, { every: 5000 });
  if (!now) {
    return (
      <Page>
        {error && <ErrorNotice error={error} />}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6"><PageHead title={name} facts={<Skeleton className="h-4 w-56" />} /><Card title={t('container')}><SkeletonRows rows={7} /></Card></Loading>
      </Page>
    );
  }
  const service = now.services.find((s) => s.name === name);
  const engineError = engineErrorOf(now.engine);
  if (!service) {
    return (
      <Page>
        <PageHead title={name} />
        {engineError && <ErrorNotice error={engineError} state="unknown" />}
        {now.deploymentError && <ErrorNotice error={now.deploymentError} />}
        <Card><Empty title={t('unknownService.title', { service: name })} action={<ButtonLink href="/services">{t('allServices')}</ButtonLink>}>{t('unknownService.text')}</Empty></Card>
      </Page>
    );
  }
  const { container } = service;
  const words = containerWords(container, time, now.engine.state === 'ok');
  return (
    <Page>
      <nav aria-label={t('where')} className="-mb-3 text-sm"><Link href="/services" prefetch={false} className="link">{t('allServices')}</Link></nav>
      <PageHead
        title={name}
        facts={<><ServiceState container={container} engine={now.engine} at={now.at} enabled={service.enabled} role={service.role} witness={now.witness} />{words.since && <span>{t('since')} <TimeAgo at={words.since} bare className="font-semibold text-ink" /></span>}{service.role !== 'other' && <span>{t(`role.${service.role}`)}</span>}<span>{imageTag(container?.image ?? service.image)}</span></>}
        actions={<><PageActions service={name} container={container} onAsk={ask} disabled={now.engine.state !== 'ok' || !service.enabled} /><ButtonLink href={`/logs?service=${encodeURIComponent(name)}`}>{t('logs')}</ButtonLink></>}
      />
      {error && <ErrorNotice error={error} />}
      {engineError && <ErrorNotice error={engineError} state="unknown" />}
      <RunningOperations />
      {container && <ServiceTrouble service={service} container={container} looping={words.word === 'crashLoop' || words.word === 'crashLoopNow'} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 xl:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)]">
        {container ? <ContainerFacts service={service} container={container} use={use} source={<>{t('engineName')}, <TimeAgo at={now.at} /></>} /> : !engineError && <Card title={t('container')}><Empty title={t('noContainer.title')}>{t('noContainer.text')}</Empty></Card>}
        <div className="grid min-w-0 gap-4 md:gap-6">
          <Card title={t('lastOperations')} action={<Link href={`/history?service=${encodeURIComponent(name)}`} prefetch={false} className="link">{t('history')}</Link>} className="pb-1">
            {last.error && <CardBody><ErrorNotice error={last.error} /></CardBody>}
            {last.operations?.length === 0 && <CardBody className="text-base text-ink-2">{t('noOperations')}</CardBody>}
            {last.operations ? last.operations.length > 0 && <OperationRows operations={last.operations} /> : !last.error && <SkeletonRows rows={3} />}
          </Card>
          <ComposeFacts service={service} />
        </div>
      </div>
      {container && now.engine.state === 'ok' && (
        <Card title={t('lastLines')} action={<Link href={`/logs?service=${encodeURIComponent(name)}`} prefetch={false} className="link">{t('logs')}</Link>}>
          <CardBody><LogPane service={name} tail={50} /></CardBody>
        </Card>
      )}
      <OperationDialog request={request} onClose={() => { ask(undefined); void reload(); void last.reload(); }} onStarted={() => void reload()} />
    </Page>
  );
}
