'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import type { LaunchNow, Readiness } from './launch-data.ts';
import type { Step } from './onboarding-data.ts';
import { StepEvidence } from './step-evidence.tsx';

/** What only runs wears no shape: nothing says more of it, for or against. */
const STATES: Partial<Record<Readiness['state'], StateWord>> = { ready: 'ok', starting: 'working', broken: 'broken', unknown: 'unknown' };

/** Everything at once, then each service until it does its work; what doesn't is named with its cause. */
export function LaunchStep({ step, onChanged }: { step: Step; onChanged: () => void }) {
  const t = useTranslations('onboarding.launch');
  const steps = useTranslations('onboarding.steps.launch');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<LaunchNow>('/api/onboarding/launch', { every: 4000 });
  const [request, ask] = useState<OperationRequest>();
  const missing = now?.services.filter(({ state, evidence }) => state === 'absent' || evidence.code === 'cannot_start').length ?? 0;
  const ready = now?.services.filter(({ state }) => state === 'ready').length ?? 0;
  const looked = () => {
    void reload();
    onChanged();
  };
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{steps('text')}</p>
      <StepEvidence step={step} told={now?.engineError} />
      {error && <ErrorNotice error={error} />}
      {now?.error && <ErrorNotice error={now.error} />}
      {now?.engineError && <ErrorNotice error={now.engineError} state="unknown" />}
      <RunningOperations />
      {!now && !error && <Loading label={shell('loading')}><Card><SkeletonRows rows={6} /></Card></Loading>}
      {now && now.services.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button kind={missing > 0 && step.state !== 'blocked' ? 'primary' : 'plain'} size="lg" onClick={() => ask({ kind: 'launch-all' })}>{t('launch')}</Button>
            <span role="status" className="num text-base text-ink-2">{t('count', { ready, of: now.services.length })}</span>
          </div>
          <Card title={t('services')}><ul>{now.services.map((one) => <ServiceItem key={one.service} one={one} />)}</ul></Card>
        </>
      )}
      <OperationDialog request={request} onClose={() => { ask(undefined); looked(); }} onStarted={looked} />
    </>
  );
}

function ServiceItem({ one }: { one: Readiness }) {
  const t = useTranslations('onboarding');
  const groups = useGroupWords();
  const { service, evidence, problem } = one;
  const shape = STATES[one.state];
  const words = t(`launch.evidence.${evidence.code}` as never, groups.params(evidence.params) as never);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-2 border-t px-4 py-3.5 first:border-t-0 sm:px-4.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <Link href={`/logs?service=${encodeURIComponent(service)}`} prefetch={false} className="link relative inline-flex min-h-6 min-w-11 items-center font-medium max-sm:after:absolute max-sm:after:inset-x-0 max-sm:after:-inset-y-2.5">{service}</Link>
        <Evidence source={evidence.source} at={evidence.at} raw={`${service}: ${one.state} (${evidence.code})`} className="min-w-0 break-words">
          {shape ? <State state={shape}>{words}</State> : <span className="text-sm font-medium text-ink-2">{words}</span>}
        </Evidence>
      </div>
      {problem && (
        <Notice state="broken" live title={t(`problems.${problem.code}.what` as never, problem.params as never)}>
          <p>{t(`problems.${problem.code}.next` as never, problem.params as never)}</p>
          <pre className="mt-2 text-sm break-words whitespace-pre-wrap text-ink-2">{problem.line}</pre>
        </Notice>
      )}
    </li>
  );
}
