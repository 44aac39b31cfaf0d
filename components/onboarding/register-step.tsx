'use client';
/** `<RegisterStep step onChanged />`: what the chain would be told of this host, the operation that tells it, and the record that proves it. */
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { OperationProgress } from '../operations/operation-progress.tsx';
import { isOver } from '../operations/operation-words.ts';
import { useOperation } from '../operations/use-operation.ts';
import { useOperations } from '../operations/use-operations.ts';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import type { Step } from './onboarding-data.ts';
import { ByAccountKey } from './by-account-key.tsx';
import type { RegisterNow } from './register-data.ts';
import { StepEvidence } from './step-evidence.tsx';

export function RegisterStep({ step, onChanged }: { step: Step; onChanged: () => void }) {
  const t = useTranslations('onboarding.register');
  const words = useTranslations('onboarding.steps.register');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<RegisterNow>('/api/onboarding/register', { every: 5000 });
  const { operations, reload: reloadOperations } = useOperations({ kind: ['register-host'], limit: 1 }, 3000);
  const [request, ask] = useState<OperationRequest>();
  const looked = () => {
    void reload();
    void reloadOperations();
    onChanged();
  };
  const last = operations?.[0];
  const running = last !== undefined && !isOver(last.state);
  const record = now?.record.value;
  const registered = now?.record.state === 'ok' && record !== undefined && record !== false && record.state === 'registered';
  const differs = record && (record.state === 'other-url' || record.state === 'other-key') ? record.state : undefined;
  const otherwise = differs ?? (record === false && last?.error?.code === 'register_funded_account' ? 'funded' : undefined);
  const complete = now?.url && !now.url.problem && now.account.state === 'ok' && now.seed;
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{words('text')}</p>
      {!now && <StepEvidence step={step} />}
      {error && <ErrorNotice error={error} />}
      {now?.deploymentError && <ErrorNotice error={now.deploymentError} state="unknown" />}
      {!now && !error && <Loading label={shell('loading')}><Card><SkeletonRows rows={5} /></Card></Loading>}
      {now && (
        <Card title={t('told')}>
          <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <dl className="grid grid-cols-[minmax(0,1fr)] gap-4 text-base"><Url now={now} /><Account now={now} /><ConsensusKey now={now} /><Seed now={now} /></dl>
            {registered && <Notice state="ok" live title={t('registered.what')}><p>{t('registered.next')}</p></Notice>}
            {!registered && !differs && (
              <div className="grid gap-2">
                <div><Button kind={record || otherwise || step.state === 'blocked' ? 'plain' : 'primary'} size="lg" busy={running} disabled={!complete} onClick={() => ask({ kind: 'register-host' })}>{t('action')}</Button></div>
                <p className="text-sm text-ink-3">{t(complete ? 'once' : 'incomplete')}</p>
              </div>
            )}
          </CardBody>
        </Card>
      )}
      {now && <OnChain now={now} />}
      {now && otherwise && <ByAccountKey now={now} why={otherwise} />}
      {last && !request && last.state !== 'succeeded' && <LastAttempt id={last.id} />}
      <OperationDialog request={request} onClose={() => { ask(undefined); looked(); }} onStarted={looked} />
    </>
  );
}

type Part = { now: RegisterNow };

/** One thing that is sent, with where it comes from, how old that is, and how it stands. */
function Told({ name, value, state, says, note, source = 'config.env', at }: { name: string; value?: string; state: StateWord; says: string; note?: React.ReactNode; source?: string; at?: number | string }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="grid gap-0.5">
        {value && <span className="flex items-start gap-2"><code className="min-w-0 pt-1 break-all">{value}</code><CopyButton text={value} /></span>}
        <Evidence source={source} at={at} className="justify-self-start"><State state={state}>{says}</State></Evidence>
        {note && <span className="text-base text-ink-2">{note}</span>}
      </dd>
    </div>
  );
}

function Url({ now: { at, url } }: Part) {
  const t = useTranslations('onboarding.register');
  const problem = !url ? 'missing' : url.problem;
  return <Told name={t('url.name')} value={url?.value} state={problem ? 'broken' : 'ok'} says={t(`url.${problem ?? 'ok'}`)} note={!problem && t('url.note')} at={at} />;
}

function Account({ now: { at, account } }: Part) {
  const t = useTranslations('onboarding.register');
  return <Told name={t('account.name')} value={account.state === 'ok' ? account.address : undefined} state={account.state === 'ok' ? 'ok' : 'broken'} says={t(`account.${account.state}`)} at={at} />;
}

function ConsensusKey({ now: { consensus } }: Part) {
  const t = useTranslations('onboarding.register');
  const known = consensus.state === 'ok' && consensus.value !== undefined;
  return <Told name={t('key.name')} value={consensus.value?.key} state={known ? 'ok' : 'unknown'} says={t(known ? 'key.ok' : consensus.value ? 'key.old' : 'key.unknown')} source={consensus.source ?? ''} at={consensus.at} />;
}

function Seed({ now: { at, seed } }: Part) {
  const t = useTranslations('onboarding.register');
  return <Told name={t('seed.name')} value={seed} state={seed ? 'ok' : 'broken'} says={t(seed ? 'seed.ok' : 'seed.missing')} at={at} />;
}

const RECORDS = { registered: 'ok', 'other-url': 'attention', 'other-key': 'broken' } as const;

function OnChain({ now: { record } }: Part) {
  const t = useTranslations('onboarding.register.chain');
  const { value, state, at, source, error } = record;
  return (
    <Card title={t('title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {value === undefined && (error ? <><State state="unknown">{t('unknown')}</State><ErrorNotice error={error} state="unknown" /></> : <State state="unknown">{t('unknown')}</State>)}
        {value === false && <Evidence source={source} at={at} className="justify-self-start">{state === 'ok' ? <span className="font-medium">{t('none')}</span> : <State state="unknown">{t('noneOnce')}</State>}</Evidence>}
        {value && (
          <>
            {value.state && value.state !== 'registered' ? <Notice state={RECORDS[value.state]} title={t(`${value.state}.what`)}><p>{t(`${value.state}.next`)}</p></Notice> : <State state={value.state ? 'ok' : 'unknown'}>{t(value.state ?? 'uncompared')}</State>}
            <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
              <dt className="text-ink-3">{t('url')}</dt><dd className="break-all"><code>{value.url || '–'}</code></dd>
              <dt className="text-ink-3">{t('key')}</dt><dd className="break-all"><code>{value.validatorKey || '–'}</code></dd>
            </dl>
            <p><Evidence source={source} at={at} raw={JSON.stringify({ inference_url: value.url, validator_key: value.validatorKey }, null, 1)}><span className="text-sm text-ink-3">{t(state === 'ok' ? 'read' : 'readOnce')}</span></Evidence></p>
          </>
        )}
      </CardBody>
    </Card>
  );
}

function LastAttempt({ id }: { id: string }) {
  const t = useTranslations('onboarding.register');
  const watched = useOperation(id);
  return <Card title={t('last')}><CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4"><OperationProgress watched={watched} /></CardBody></Card>;
}
