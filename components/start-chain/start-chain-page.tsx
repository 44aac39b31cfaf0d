'use client';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useCallback, useMemo, useState } from 'react';
import { DeploymentProblems } from '../deployment/deployment-problems.tsx';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { StepList, type StepItem } from '../operations/step-list.tsx';
import { engineErrorOf } from '../services/services-data.ts';
import { useRailPages } from '../shell/use-rail-pages.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { useDuration } from '../ui/duration.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import { useTick } from '../ui/tick.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { ChainStart } from './chain-data.ts';
import { LogLines } from './log-pane.tsx';
import { Progress } from '../ui/progress.tsx';
import { NOTHING_READ, readLines, type SyncRead } from './sync-progress.ts';
import { type ChainNow, syncView, type SyncView } from './sync-view.ts';
import { type TailLine, useLogTail } from './use-log-tail.ts';

/** Enough of the past to know where a state sync stands; the first start prints the genesis in hundreds of lines. */
const TAIL = 1500;
const SHOWN = 300;

/** The page's own facts in the shape that the pure part reads. */
function chainNow(now: ChainStart): ChainNow {
  const own = now.ownNode;
  return {
    tmkms: now.tmkms?.container,
    node: now.node?.container,
    status: own.value && own.at !== undefined ? { ...own.value, blockTime: own.value.latestBlockTime, at: own.at, stale: own.state !== 'ok' } : undefined,
    network: now.seed.value && now.seed.at !== undefined ? { ...now.seed.value, at: now.seed.at, source: now.seed.source ?? '' } : undefined,
  };
}

export function StartChainPage() {
  const t = useTranslations('startChain');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<ChainStart>('/api/start-chain', { every: 3000 });
  const [request, ask] = useState<OperationRequest>();
  const [read, setRead] = useState<SyncRead>(NOTHING_READ);
  const tick = useTick(1000);

  const names = useMemo(() => [now?.tmkms?.name, now?.node?.name].filter((n) => n !== undefined), [now?.tmkms?.name, now?.node?.name]);
  const hasContainers = Boolean(now?.tmkms?.container ?? now?.node?.container);
  const node = now?.node?.name;
  const onLines = useCallback((lines: TailLine[]) => {
    const own = lines.filter((line) => line.service === node && line.stream !== 'event');
    if (own.length > 0) setRead((before) => readLines(before, own));
  }, [node]);
  const { lines, status } = useLogTail(hasContainers ? names : [], { tail: TAIL, onLines });

  // The reader's clock may be wrong; the server's is what the lines are stamped with.
  const ahead = useMemo(() => (now ? now.at - Date.now() : 0), [now]);

  if (!now) {
    return (
      <Page>
        {error && <ErrorNotice error={error} />}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6"><PageHead title={t('title')} facts={<Skeleton className="h-4 w-64" />} /><Card><CardBody><Skeleton className="h-20 w-full" /></CardBody></Card><Skeleton className="h-64 w-full" /></Loading>
      </Page>
    );
  }
  const engineError = engineErrorOf(now.engine);
  const view = syncView(read, chainNow(now), tick + ahead);
  const ready = now.deployment && now.tmkms && now.node;
  return (
    <Page>
      <Head view={view} now={now} onStart={() => ask({ kind: 'launch-chain' })} blocked={Boolean(engineError) || !ready} />
      {error && <ErrorNotice error={error} />}
      {engineError && <ErrorNotice error={engineError} state="unknown" />}
      {now.deploymentError && <ErrorNotice error={now.deploymentError} />}
      <RunningOperations />
      {!now.deployment && !now.deploymentError && <Card><Empty title={t('noDeployment.title')} action={<ButtonLink kind="primary" href="/deployment">{t('noDeployment.action')}</ButtonLink>}>{t('noDeployment.text')}</Empty></Card>}
      {now.deployment && !ready && <Notice state="broken" title={t('noChainServices.title')}>{t('noChainServices.text')}</Notice>}
      {ready && !engineError && (
        <>
          <DeploymentProblems problems={now.deployment?.problems ?? []} brief />
          <Troubles view={view} />
          <Steps view={view} now={now} />
          {hasContainers && status.state === 'waiting' && <ErrorNotice error={status.problem} state="unknown" />}
          {hasContainers ? (
            <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:grid-cols-2">
              {names.map((name) => (
                <Card key={name} title={name} action={<Link href={`/logs?service=${encodeURIComponent(name)}`} prefetch={false} className="link">{t('allLines')}</Link>}>
                  <CardBody><LogLines service={name} lines={(lines[name] ?? []).slice(-SHOWN)} status={status} className="h-72 lg:h-[46dvh]" />{name === now.tmkms?.name && !view.synced && <p className="pt-2 text-sm text-ink-3">{t('tmkmsHint')}</p>}</CardBody>
                </Card>
              ))}
            </div>
          ) : (
            <Card><Empty title={t('notYet.title')}>{t('notYet.text')}</Empty></Card>
          )}
        </>
      )}
      <OperationDialog request={request} onClose={() => { ask(undefined); void reload(); }} onStarted={() => void reload()} />
    </Page>
  );
}

function useDoing() {
  const t = useTranslations('startChain.doing');
  return ({ word, params }: { word: string; params: Record<string, string | number> }) => (t.has(word as never) ? t(word as never, params as never) : word);
}

function Head({ view, now, onStart, blocked }: { view: SyncView; now: ChainStart; onStart: () => void; blocked: boolean }) {
  const t = useTranslations('startChain');
  const doing = useDoing();
  // A host that isn't in the set yet came here as one step of many.
  const joining = useRailPages().some(({ name }) => name === 'onboarding');
  const running = now.node?.container?.state === 'running' && now.tmkms?.container?.state === 'running';
  const own = now.ownNode;
  return (
    <PageHead
      title={blocked ? t('title') : doing(view.doing)}
      facts={
        <>
          {!blocked && view.doing.word !== 'notStarted' && <State state={view.doing.state} />}
          {now.deployment && <span>{t('titleShort')}{now.deployment.release && <> · <b>{now.deployment.release}</b></>}</span>}
          {own.value?.peers !== undefined && <span>{t('peers', { count: own.value.peers })}</span>}
          {own.value && own.at !== undefined && <span>{t('ownNode')} <TimeAgo at={own.at} /></span>}
        </>
      }
      actions={
        <>
          {!running && now.deployment && <Button kind="primary" onClick={onStart} disabled={blocked}>{t('start')}</Button>}
          {view.synced && (joining ? <ButtonLink kind="primary" href="/onboarding">{t('toOnboarding')}</ButtonLink> : <ButtonLink kind="primary" href="/">{t('toOverview')}</ButtonLink>)}
        </>
      }
    />
  );
}

function Troubles({ view }: { view: SyncView }) {
  const t = useTranslations('startChain');
  return (
    <>
      {view.trouble && (
        <Notice state="broken" live title={t(`trouble.${view.trouble.code}.what`, view.trouble.params)}><p>{t(`trouble.${view.trouble.code}.next`, view.trouble.params)}</p></Notice>
      )}
      {view.stalled && !view.trouble && <Notice state="attention" live title={t(`stalled.${view.stalled.word}.what` as never)}><p>{t(`stalled.${view.stalled.word}.next` as never)}</p></Notice>}
    </>
  );
}

function Steps({ view, now }: { view: SyncView; now: ChainStart }) {
  const t = useTranslations('startChain');
  const format = useFormatter();
  const duration = useDuration();
  const doing = useDoing();
  const up = view.catchingUp;
  const catching = up && view.doing.word === 'catchingUp' && (
    <span className="num grid gap-0.5">
      <span>{t('left', { blocks: format.number(up.left ?? 0) })}</span>
      {up.rate !== undefined && <span>{t('rate', { rate: format.number(up.rate, { maximumFractionDigits: up.rate < 10 ? 1 : 0 }) })}</span>}
      <span>{up.etaMs === undefined ? t('etaUnknown') : t('eta', { span: duration(up.etaMs) })}</span>
    </span>
  );
  const items = view.steps.map((step): StepItem => ({
    key: step.name,
    state: step.state,
    title: t(`step.${step.name}`),
    text: step.name === 'blocks' && catching ? catching : step.word === '' ? (step.state === 'passed' ? t(`passed.${step.name}` as never) : t(`waits.${step.name}` as never)) : doing(step),
  }));
  return (
    <Card title={t('stepsTitle')} source={now.seed.value && now.seed.at !== undefined ? <>{t('networkAt', { block: format.number(now.seed.value.height), source: now.seed.source ?? '' })}, <TimeAgo at={now.seed.at} /></> : t('networkUnknown')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-4">
        {view.share !== undefined && !view.synced && <Progress share={view.share} label={doing(view.doing)} />}
        <StepList row label={t('stepsTitle')} items={items} />
      </CardBody>
    </Card>
  );
}
