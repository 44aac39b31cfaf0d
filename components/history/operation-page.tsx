'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { cancelOperation } from '../operations/operation-client.ts';
import { OperationDialog } from '../operations/operation-dialog.tsx';
import { OperationOutcome, OperationState, OperationSteps } from '../operations/operation-progress.tsx';
import { isOver, useOperationWords } from '../operations/operation-words.ts';
import { OutputView } from '../operations/output-view.tsx';
import { useOperation } from '../operations/use-operation.ts';
import { Waits } from '../operations/waits.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Command } from '../ui/command.tsx';
import { isGroup } from '../ui/group-words.ts';
import { useDuration } from '../ui/duration.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { useTick } from '../ui/tick.ts';
import { At, TimeAgo } from '../ui/time-ago.tsx';
import { WhatSpeaksAgainst } from '../operations/what-speaks-against.tsx';

export function OperationPage({ id }: { id: string }) {
  const t = useTranslations('history');
  const view = useTranslations('operationView');
  const shell = useTranslations('shell');
  const words = useOperationWords();
  const format = useFormatter();
  const duration = useDuration();
  const router = useRouter();
  const now = useTick(1000);
  const { operation: o, lines, error, live } = useOperation(id);
  const [failed, setFailed] = useState<ShownError>();
  const [retrying, setRetrying] = useState(false);
  const [busy, setBusy] = useState(false);

  const back = <nav aria-label={t('where')} className="-mb-3 text-sm"><Link href="/history" prefetch={false} className="link relative inline-flex min-w-11 max-sm:after:absolute max-sm:after:inset-x-0 max-sm:after:-inset-y-3.5">{t('title')}</Link></nav>;
  if (!o) {
    const gone = error && error.code !== 'panel_unreachable';
    return (
      <Page>
        {back}
        {gone ? <Card><Empty title={t('unknown.title')} action={<ButtonLink href="/history">{t('title')}</ButtonLink>}>{t('unknown.text')}</Empty></Card>
          : <Loading label={shell('loading')} className="grid gap-4"><Skeleton className="h-7 w-56" /><Card><SkeletonRows rows={4} /></Card></Loading>}
        {error && !gone && <ErrorNotice error={error} />}
      </Page>
    );
  }
  const over = isOver(o.state);
  const started = o.startedAt ? Date.parse(o.startedAt) : undefined;
  const took = over ? o.durationMs : started === undefined ? undefined : Math.max(0, now - started);
  const cancel = async () => {
    setBusy(true);
    const answer = await cancelOperation(id);
    setBusy(false);
    setFailed('error' in answer ? answer.error : undefined);
  };
  return (
    <Page>
      {back}
      <PageHead
        title={words.title(o.kind, o.target)}
        facts={
          <>
            <span aria-live="polite"><OperationState operation={o} /></span>
            <span>{t('by')} <b>{o.startedBy}</b></span>
            <span><At at={o.createdAt} seconds />, <TimeAgo at={o.createdAt} /></span>
            {took !== undefined && <span>{t('took')} <b>{duration(took)}</b></span>}
            {o.state !== 'scheduled' && <span>{o.phase ? <>{o.epoch !== undefined && t('epoch', { epoch: format.number(o.epoch) })} <b>{words.phase(o.phase)}</b></> : t('phaseUnknown')}</span>}
          </>
        }
        actions={
          <>
            {!over && <Button kind="danger" busy={busy} onClick={cancel}>{view(o.state === 'scheduled' ? 'waits.cancel' : 'cancel')}</Button>}
            {over && o.state !== 'succeeded' && <Button kind="primary" onClick={() => setRetrying(true)}>{t('retry')}</Button>}
            {o.target && !o.config && !isGroup(o.target) && <ButtonLink href={`/services/${encodeURIComponent(o.target)}`}>{t('toService', { service: o.target })}</ButtonLink>}
            {o.config && <ButtonLink href={o.config.file === 'env' ? '/config' : '/config/ml-nodes'}>{t('toConfig')}</ButtonLink>}
            {o.kind === 'launch-chain' && <ButtonLink href="/start-chain">{t('toStartChain')}</ButtonLink>}
          </>
        }
      />
      {failed && <ErrorNotice error={failed} />}
      {!live && <Notice state="unknown" live title={view('notLive.title')}>{view('notLive.text')}</Notice>}
      {o.state === 'scheduled' && <Notice state="working" title={view('waits.heading')}><Waits waits={o.waits} /></Notice>}
      <OperationOutcome operation={o} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-[300px_minmax(0,1fr)]">
        <section aria-label={view('steps')} className="min-w-0 pt-1">{o.steps.length ? <OperationSteps operation={o} /> : <p className="text-base text-ink-3">{t('noSteps')}</p>}</section>
        <div className="grid min-w-0 gap-4 md:gap-6">
          {o.reason && <Card title={view('reason')}><CardBody className="grid gap-2 text-base"><p className="break-words whitespace-pre-wrap">{o.reason}</p>{o.reasonFor && <div className="text-sm text-ink-2"><p className="text-ink-3">{t('reasonFor')}</p><WhatSpeaksAgainst reasons={o.reasonFor} /></div>}</CardBody></Card>}
          <Card title={t('command')} source={o.exitCode === undefined ? undefined : t('exit', { code: o.exitCode })}><CardBody>{o.command?.length ? <Command argv={o.command} /> : <p className="text-base text-ink-3">{t(o.config ? 'noCommandFile' : 'noCommand')}</p>}</CardBody></Card>
          <Card title={view('output')} source={lines.length > 0 ? t('lines', { count: lines.length }) : undefined}><CardBody><OutputView lines={lines} running={!over} tall /></CardBody></Card>
          <p className="num text-sm break-words text-ink-3">{t('number')} <code>{o.id}</code>{o.ip && <> · {t('from')} <code>{o.ip}</code></>}{o.retryOf && <> · <Link href={`/history/${o.retryOf}`} prefetch={false} className="link underline underline-offset-2">{t('retryOf')}</Link></>}</p>
        </div>
      </div>
      <OperationDialog request={retrying ? { kind: o.kind, target: o.target, retryOf: id, earlierReason: o.reason } : undefined} onClose={() => setRetrying(false)} onStarted={(next) => { setRetrying(false); router.push(`/history/${next}`); }} />
    </Page>
  );
}
