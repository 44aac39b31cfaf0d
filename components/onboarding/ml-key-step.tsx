'use client';
/**
 * `<MlKeyStep step onChanged onWaits />`: the ML operational key: whether it is there, making it, its recovery phrase once, and what to
 * do when it is lost. `onWaits`: whether the phrase is still to be written down here.
 */
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Command } from '../ui/command.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { At } from '../ui/time-ago.tsx';
import { keyringLook } from './keyring-look.ts';
import type { MlKeyNow } from './ml-key-data.ts';
import { MlKeyLost } from './ml-key-lost.tsx';
import { MlKeyPhrase } from './ml-key-phrase.tsx';
import type { Step } from './onboarding-data.ts';
import { StepEvidence } from './step-evidence.tsx';

export function MlKeyStep({ step, onChanged, onWaits }: { step: Step; onChanged: () => void; onWaits: (waits: boolean) => void }) {
  const t = useTranslations('mlKey');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<MlKeyNow>('/api/onboarding/ml-key', { every: 5000 });
  const [request, ask] = useState<OperationRequest>();
  const changed = () => {
    void reload();
    onChanged();
  };
  const waits = Boolean(now?.phrase?.mine);
  useEffect(() => {
    onWaits(waits);
    return () => onWaits(false);
  }, [waits, onWaits]);
  const look = keyringLook(step);
  const gone = now?.record?.file === 'gone';
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{t('text')}</p>
      <StepEvidence step={step} />
      {error && <ErrorNotice error={error} />}
      {now?.deploymentError && <ErrorNotice error={now.deploymentError} state="unknown" />}
      <RunningOperations />
      {!now && !error && <Loading label={shell('loading')}><Card><SkeletonRows rows={4} /></Card></Loading>}
      <MlKeyPhrase phrase={now?.phrase} onChanged={changed} />
      {now?.deployment && (
        <>
          {now.file?.state === 'present' && <Known now={now} />}
          {gone && <Notice state="broken" title={t('gone.title')}><p className="break-words">{t('gone.text', { name: now.record?.name ?? '', address: now.record?.address ?? '' })}</p></Notice>}
          {look && <div className="grid max-w-[70ch] grid-cols-[minmax(0,1fr)] gap-1.5"><p className="text-base text-ink-2">{t('unseen')}</p><Command argv={look} /></div>}
          {now.placeError && <ErrorNotice error={now.placeError} />}
          <Start now={now} gone={gone} onAsk={() => ask({ kind: 'create-ml-key' })} />
          <MlKeyLost now={now} open={gone} />
        </>
      )}
      <OperationDialog request={request} onClose={() => { ask(undefined); changed(); }} onStarted={changed} />
    </>
  );
}

/** The key that is there: its public parts, and whether anybody has seen its recovery phrase. */
function Known({ now: { record, phrase } }: { now: MlKeyNow }) {
  const t = useTranslations('mlKey');
  if (record?.file !== 'same') {
    return record ? <Notice state="attention" title={t('other.title')}><p className="break-words">{t('other.text', { address: record.address })}</p></Notice> : <Notice state="working" title={t('unread.title')}><p>{t('unread.text')}</p></Notice>;
  }
  const lost = record.phrase === 'unseen' && !phrase;
  return (
    <Card title={t('known.title')} source={<>{t('known.read')} <At at={record.at} /></>}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <dl className="grid grid-cols-[minmax(0,1fr)] gap-3 text-base">
          <Public label={t('known.address')} value={record.address} help={t('known.addressHelp')} />
          <Public label={t('known.publicKey')} value={record.publicKey} />
        </dl>
        {!phrase && <Notice state={lost ? 'attention' : 'ok'} title={t(`phraseIs.${lost ? 'lost' : record.phrase}.title` as never)}><p>{t(`phraseIs.${lost ? 'lost' : record.phrase}.text` as never)}</p></Notice>}
      </CardBody>
    </Card>
  );
}

function Public({ label, value, help }: { label: string; value: string; help?: string }) {
  return <div><dt className="text-sm text-ink-3">{label}</dt><dd className="flex items-start gap-2"><code className="min-w-0 pt-1 break-all">{value}</code><CopyButton text={value} /></dd>{help && <dd className="text-sm text-ink-3">{help}</dd>}</div>;
}

/** One button: what it does is decided by what the container finds. */
function Start({ now: { file, record }, gone, onAsk }: { now: MlKeyNow; gone: boolean; onAsk: () => void }) {
  const t = useTranslations('mlKey.start');
  const present = file?.state === 'present';
  const known = present && record?.file === 'same';
  return (
    <div className="grid max-w-[70ch] gap-2">
      {!present && <ul className="mb-2 grid list-disc gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">{(['looks', 'password', 'phrase'] as const).map((one) => <li key={one}>{t(one)}</li>)}</ul>}
      <p><Button kind={known || gone ? 'plain' : 'primary'} size="lg" onClick={onAsk}>{t(present ? 'read' : file?.state === 'absent' ? 'make' : 'look')}</Button></p>
      {present && <p className="text-sm text-ink-3">{t('readHelp')}</p>}
    </div>
  );
}
