'use client';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { DeploymentProblems } from '../deployment/deployment-problems.tsx';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { useTick } from '../ui/tick.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import { engineErrorOf, type ServiceRole, type ServicesNow, type ServicesUse } from './services-data.ts';
import { GroupActions } from './service-actions.tsx';
import { serviceWords } from './service-words.ts';
import { OrphansTable, ServicesTable } from './services-table.tsx';
import { useServices } from './use-services.ts';

/** In the order in which they depend on each other. */
const ROLES: readonly ServiceRole[] = ['tmkms', 'node', 'api', 'proxy', 'mlnode', 'inference', 'explorer', 'other'];

export function ServicesPage() {
  const t = useTranslations('services');
  const shell = useTranslations('shell');
  const { services: now, error, reload } = useServices();
  const [request, ask] = useState<OperationRequest>();
  const [measured, measure] = useState(false);
  const { data: use, error: useError } = usePanelData<ServicesUse>(measured ? '/api/services/use' : null, { every: 5000 });
  if (!now) {
    return (
      <Page>
        {error && <ErrorNotice error={error} />}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
          <PageHead title={t('title')} facts={<Skeleton className="h-4 w-56" />} />
          <Card title={t('group.network')}><SkeletonRows rows={5} /></Card>
          <Card title={t('group.ml')}><SkeletonRows rows={2} /></Card>
        </Loading>
      </Page>
    );
  }
  const engineError = engineErrorOf(now.engine);
  const group = (name: 'network' | 'ml') => now.services.filter((s) => s.group === name).sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.name.localeCompare(b.name));
  return (
    <Page>
      <Head now={now} onAsk={ask} />
      {now.services.length > 0 && now.engine.state === 'ok' && <UseSwitch shown={measured} at={use?.at} error={useError} onSwitch={() => measure(!measured)} />}
      {error && <ErrorNotice error={error} />}
      {engineError && <ErrorNotice error={engineError} state="unknown" />}
      {now.deploymentError && <ErrorNotice error={now.deploymentError} action={<ButtonLink size="sm" href="/deployment">{t('toDeployment')}</ButtonLink>} />}
      {now.elsewhere && <Notice state="broken" title={t('elsewhere.title', { dir: now.elsewhere })}>{t('elsewhere.text')}</Notice>}
      <RunningOperations />
      {now.deployment && <DeploymentProblems problems={now.deployment.problems} brief />}
      {!now.deployment && !now.deploymentError && (
        <Card><Empty title={t('noDeployment.title')} action={<ButtonLink kind="primary" href="/deployment">{t('noDeployment.action')}</ButtonLink>}>{t('noDeployment.text')}</Empty></Card>
      )}
      {group('network').length > 0 && <ServicesTable now={now} title={t('group.network')} group="@network" rows={group('network')} use={use} onAsk={ask} />}
      {group('ml').length > 0 && <ServicesTable now={now} title={t('group.ml')} group="@ml" rows={group('ml')} use={use} onAsk={ask} />}
      {now.orphans.length > 0 && <OrphansTable now={now} orphans={now.orphans} />}
      <OperationDialog request={request} onClose={() => { ask(undefined); void reload(); }} onStarted={() => void reload()} />
    </Page>
  );
}

/** Measured only while somebody looks: the engine has to ask the kernel for each container. */
function UseSwitch({ shown, at, error, onSwitch }: { shown: boolean; at?: number; error?: ShownError; onSwitch: () => void }) {
  const t = useTranslations('services.use');
  return (
    <div className="-my-1 flex flex-wrap items-center gap-x-3 gap-y-1">
      <Chip pressed={shown} onClick={onSwitch}>{t('title')}</Chip>
      {shown && <span className="text-sm text-ink-3">{error ? t('unknown') : at === undefined ? t('measuring') : <>{t('source')}, <TimeAgo at={at} /></>}</span>}
    </div>
  );
}

function Head({ now, onAsk }: { now: ServicesNow; onAsk: (request: OperationRequest) => void }) {
  const t = useTranslations('services');
  const format = useFormatter();
  const time = useTick(5000);
  const counted = now.services.filter((s) => s.enabled || s.container);
  const states = counted.map((s) => serviceWords(s.role, s.container, time, now.engine.state === 'ok', now.witness));
  const bad = states.filter((s) => s.state === 'broken').length;
  const absent = states.filter((s) => s.word === 'absent').length;
  const odd = states.filter((s) => s.state === 'attention' && s.word !== 'absent').length;
  const all = counted.length;
  const chain = now.services.filter((s) => s.role === 'tmkms' || s.role === 'node');
  const chainDown = now.engine.state === 'ok' && chain.length > 0 && chain.some((s) => !s.container || ['created', 'exited', 'dead'].includes(s.container.state));
  const title =
    now.engine.state !== 'ok' ? t('head.unknown') : all === 0 ? t('title') : absent === all ? t('head.none', { all }) : bad ? t('head.bad', { bad, all }) : odd ? t('head.odd', { odd, all }) : absent ? t('head.some', { up: all - absent, all }) : t('head.ok', { all });
  return (
    <PageHead
      title={title}
      facts={now.deployment && <><span>{now.deployment.release && <>{t('release')} <b>{now.deployment.release}</b></>}</span><Link href="/deployment" prefetch={false} className="link break-all">{now.deployment.dir}</Link>{now.engine.state === 'ok' && <span>{t('engineVersion', { version: now.engine.version })}</span>}<span className="sr-only">{format.dateTime(now.at)}</span></>}
      actions={<>{chainDown && <ButtonLink kind="primary" href="/start-chain">{t('startChain')}</ButtonLink>}{now.services.length > 0 && <GroupActions group="@all" label={t('allServices')} containers={counted.map((s) => s.container)} onAsk={onAsk} disabled={now.engine.state !== 'ok'} />}</>}
    />
  );
}
