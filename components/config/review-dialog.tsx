'use client';
/**
 * `<ReviewDialog change … />`: what saving would do, before anything is written; then the verb; then the operation as it goes.
 * It may be closed meanwhile, the operation goes on.
 */
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { useOperationWords } from '../operations/operation-words.ts';
import { RunningDialog } from '../operations/running-dialog.tsx';
import type { useOperation } from '../operations/use-operation.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { useList } from '../ui/use-list.ts';
import type { ConfigChange, ConfigPlan, EditableFile } from './config-data.ts';
import { PlanView } from './plan-view.tsx';
import { planChange, saveChange } from './review-client.ts';
import { WhatSpeaksAgainst } from '../operations/what-speaks-against.tsx';
import { WindowWords } from '../operations/waits.tsx';

const LEAST_REASON = 10;
/** More services than this are counted on the button, not named. */
const NAMED = 3;

type Watched = ReturnType<typeof useOperation>;
type Props = {
  /** Default: config.env. */
  file?: EditableFile;
  change: ConfigChange | undefined; title: string;
  /** The operation that was started from here. */
  running?: string; watched: Watched;
  onStarted: (id: string) => void; onClose: () => void;
  /** The file is another one by now. */
  onOtherVersion: () => void;
};

export function ReviewDialog({ change, running, ...rest }: Props) {
  if (!change) return null;
  return running ? <Saving id={running} {...rest} /> : <Asking change={change} {...rest} />;
}

function Asking({ file = 'env', change, title, onStarted, onClose, onOtherVersion }: Omit<Props, 'change' | 'running' | 'watched'> & { change: ConfigChange }) {
  const t = useTranslations('config.review');
  const list = useList();
  const own = useTranslations('operationView');
  const shell = useTranslations('shell');
  const words = useOperationWords();
  const [plan, setPlan] = useState<ConfigPlan>();
  const [error, setError] = useState<ShownError>();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<'save' | 'apply' | 'wait'>();

  const failed = useCallback((shown: ShownError) => {
    if (shown.code === 'config_changed') onOtherVersion();
    else setError(shown);
  }, [onOtherVersion]);
  const look = useCallback(async (quiet = false) => {
    if (!quiet) setError(undefined);
    const answer = await planChange({ file, change });
    if ('error' in answer) failed(answer.error);
    else setPlan(answer.value);
  }, [file, change, failed]);
  useEffect(() => void look(), [look]);

  const affected = plan?.services.filter((one) => one.change !== 'none') ?? [];
  const services = affected.length > NAMED ? t('services', { count: affected.length }) : list(affected.map((one) => one.service));
  const gate = plan?.gate;
  const against = gate?.answer === 'reason-needed' ? gate.reasons : [];
  const wait = affected.length > 0 ? plan?.wait : undefined;
  const window = gate?.answer === 'reason-needed' ? gate.window : undefined;
  const short = against.length > 0 && reason.trim().length < LEAST_REASON;
  const canApply = plan && !plan.unknown && affected.length > 0 && gate?.answer !== 'refused';
  const same = plan?.check.diff.every((line) => line.kind === 'same') ?? false;
  const save = async (how: 'save' | 'apply' | 'wait') => {
    const explained = how === 'apply' ? against.length > 0 : how === 'wait' && (wait?.reason ?? false);
    setTried(explained);
    if (explained && short) return;
    setBusy(how);
    const answer = await saveChange({ file, change, apply: how !== 'save', announced: affected.map((one) => one.service), ...(how === 'wait' ? { when: 'window' } : {}), ...(explained ? { reason: reason.trim(), shown: against.map((one) => one.why) } : {}) });
    setBusy(undefined);
    if ('value' in answer) return onStarted(answer.value.id);
    // What is affected, or the moment, has changed since the plan: the new one is shown. The gate's new answer says it better than the error.
    if (answer.error.code === 'operation_reason_needed') setError(undefined);
    else failed(answer.error);
    setTried(false);
    void look(true);
  };

  return (
    <Dialog open wide onClose={onClose} busy={busy !== undefined} title={title} footer={
      <>
        <Button onClick={onClose} disabled={busy !== undefined}>{shell('cancel')}</Button>
        <Button kind={canApply ? 'plain' : 'primary'} busy={busy === 'save'} disabled={!plan || same || (busy !== undefined && busy !== 'save')} onClick={() => save('save')}>{canApply || plan?.unknown ? t('saveOnly') : t('save')}</Button>
        {canApply && <Button kind={wait ? 'plain' : 'primary'} busy={busy === 'apply'} disabled={same || (busy !== undefined && busy !== 'apply')} onClick={() => save('apply')}>{affected.every((one) => one.change === 'create') ? t('saveAndCreate', { services }) : t('saveAndRecreate', { services })}</Button>}
        {canApply && wait && <Button kind="primary" busy={busy === 'wait'} disabled={same || (busy !== undefined && busy !== 'wait')} onClick={() => save('wait')}>{t('saveAndWait')}</Button>}
      </>
    }>
      {error && !plan && <ErrorNotice error={error} action={<Button size="sm" onClick={() => look()}>{shell('tryAgain')}</Button>} />}
      {!plan && !error && <Loading label={t('asking')} className="grid gap-3"><p className="text-base text-ink-2">{t('asking')}</p><Skeleton className="h-24 w-full" /><Skeleton className="h-16 w-full" /></Loading>}
      {plan && (
        <PlanView plan={plan} gate={plan.unknown ? null : gate?.answer === 'refused' ? (
          <Notice state="broken" title={own('gate.refused')}><p>{words.gate(gate.why, gate.params)}</p><p>{t('refusedSave')}</p></Notice>
        ) : against.length > 0 && affected.length > 0 && (
          <>
            <Notice state="attention" title={own(wait ? 'gate.notNow' : 'gate.reasonNeeded')}>
              <WhatSpeaksAgainst reasons={against} />
              {wait && <p className="num">{window ? <><b className="font-semibold">{own('waits.next')}</b> <WindowWords window={window} /></> : own('waits.unknownWhen')}</p>}
              {wait && <p>{t('waitOffer')}</p>}
            </Notice>
            <Field label={own('reason')} help={`${own('reasonHelp', { least: LEAST_REASON })} ${t('reasonFor')}`} error={tried && short ? own('reasonShort', { least: LEAST_REASON }) : undefined}>
              {(a) => <TextArea {...a} value={reason} maxLength={500} disabled={busy !== undefined} onChange={(event) => setReason(event.target.value)} />}
            </Field>
          </>
        )} />
      )}
      {error && plan && <div ref={(place) => place?.scrollIntoView({ block: 'nearest' })}><ErrorNotice error={error} /></div>}
    </Dialog>
  );
}

function Saving({ id, title, watched, onClose }: Pick<Props, 'title' | 'watched' | 'onClose'> & { id: string }) {
  const words = useTranslations('config.unsaved');
  return <RunningDialog id={id} title={title} whileRunning={words('saving')} watched={watched} onClose={onClose} />;
}
