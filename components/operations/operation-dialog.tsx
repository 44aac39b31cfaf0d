'use client';
/**
 * `<OperationDialog request={{ kind, target }} onClose />`: consequences, literal command, the gate's answer, then the verb.
 * Started, it shows the progress; it may be closed, the operation goes on.
 */
import type { Kind, Preview } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Command } from '../ui/command.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { previewOperation, retryOperation, startOperation } from './operation-client.ts';
import { useOperationWords } from './operation-words.ts';
import { RunningDialog } from './running-dialog.tsx';
import { useOperation } from './use-operation.ts';
import { WhatSpeaksAgainst } from './what-speaks-against.tsx';
import { WindowWords } from './waits.tsx';

/** `retryOf`: the operation that is tried once more, `earlierReason`: the one that it had, only to be read. */
export type OperationRequest = { kind: Kind; target?: string; /** Of a kind whose target is `none`. */ params?: unknown; retryOf?: string; earlierReason?: string };
const LEAST_REASON = 10;

/** Whether Cancel gets the focus: what interrupts something that runs. */
const isDangerous = (preview: Preview): boolean => preview.gate.answer !== 'yes' || preview.changes.some((c) => c.running && c.change !== 'none' && c.change !== 'start');

export function OperationDialog({ request, onClose, onStarted }: { request: OperationRequest | undefined; onClose: () => void; onStarted?: (id: string) => void }) {
  const [id, setId] = useState<string>();
  const close = () => {
    setId(undefined);
    onClose();
  };
  if (!request) return null;
  return id ? <Running id={id} request={request} onClose={close} /> : <Asking key={`${request.kind} ${request.target ?? ''}`} request={request} onClose={close} onStarted={(started) => { setId(started); onStarted?.(started); }} />;
}

function Asking({ request, onClose, onStarted }: { request: OperationRequest; onClose: () => void; onStarted: (id: string) => void }) {
  const t = useTranslations('operationView');
  const shell = useTranslations('shell');
  const words = useOperationWords();
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<ShownError>();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<'now' | 'window'>();
  const cancel = useRef<HTMLButtonElement>(null);
  const go = useRef<HTMLButtonElement>(null);
  const { kind, target, params, retryOf } = request;

  const look = useCallback(async (quiet = false) => {
    if (!quiet) setError(undefined);
    const answer = await previewOperation({ kind, target, params, retryOf });
    if ('error' in answer) setError(answer.error);
    else setPreview(answer.value);
  }, [kind, target, params, retryOf]);
  useEffect(() => void look(), [look]);
  useEffect(() => {
    if (preview) (isDangerous(preview) ? cancel : go).current?.focus();
  }, [preview]);

  const against = preview?.gate.answer === 'reason-needed' ? preview.gate.reasons : [];
  const needsReason = against.length > 0;
  const wait = preview?.wait;
  const window = preview?.gate.answer === 'reason-needed' ? preview.gate.window : undefined;
  const short = needsReason && reason.trim().length < LEAST_REASON;
  const allowed = preview && preview.gate.answer !== 'refused';
  const start = async (when: 'now' | 'window') => {
    const explained = when === 'now' ? needsReason : (wait?.reason ?? false);
    setTried(explained);
    if ((explained && short) || !allowed) return;
    setBusy(when);
    const given = { ...(explained ? { reason: reason.trim(), shown: against.map((one) => one.why) } : {}), when };
    const answer = await (retryOf ? retryOperation(retryOf, given) : startOperation({ kind, target, params, ...given }));
    setBusy(undefined);
    if ('value' in answer) return onStarted(answer.value.id);
    // The moment has changed since the preview: the gate's new answer says it better than the error.
    setError(answer.error.code === 'operation_reason_needed' ? undefined : answer.error);
    setTried(false);
    void look(true);
  };

  return (
    <Dialog open onClose={onClose} busy={busy !== undefined} title={words.title(kind, target)} footer={
      <>
        <Button ref={cancel} onClick={onClose} disabled={busy !== undefined}>{shell('cancel')}</Button>
        {preview?.gate.answer !== 'refused' && (
          <Button ref={go} kind={kind === 'stop' || kind === 'down' ? 'danger' : wait ? 'plain' : 'primary'} busy={busy === 'now'} disabled={!preview || busy === 'window'} onClick={() => start('now')}>{wait ? t('nowAnyway', { verb: words.verb(kind, target) }) : words.verb(kind, target)}</Button>
        )}
        {wait && !preview?.scheduled && <Button kind="primary" busy={busy === 'window'} disabled={busy === 'now'} onClick={() => start('window')}>{t('atWindow')}</Button>}
      </>
    }>
      {error && <ErrorNotice error={error} action={!preview && <Button size="sm" onClick={() => look()}>{shell('tryAgain')}</Button>} />}
      {!preview && !error && <Loading label={t('checking')} className="grid gap-3"><p className="text-base text-ink-2">{t('checking')}</p><Skeleton className="h-16 w-full" /><Skeleton className="h-10 w-full" /></Loading>}
      {preview && (
        <>
          {preview.scheduled && <Notice state="working" title={t('waits.already', { user: preview.scheduled.startedBy })} action={<ButtonLink size="sm" href={`/history/${preview.scheduled.id}`}>{t('waits.details')}</ButtonLink>}><p>{t('waits.replaces')}</p></Notice>}
          {preview.changes.length + preview.pulls.length > 0 && <ul className="grid gap-1 text-base">
            {preview.changes.map((c) => <li key={c.service}>{t.rich(`change.${c.change}`, { service: c.service, b: (x) => <b>{x}</b> })}</li>)}
            {preview.pulls.map((image) => <li key={image} className="break-all">{t('pulls', { image })}</li>)}
          </ul>}
          {preview.gate.answer === 'refused' && <Notice state="broken" title={t('gate.refused')}><p>{words.gate(preview.gate.why, preview.gate.params)}</p></Notice>}
          {needsReason && (
            <>
              <Notice state="attention" title={t(wait ? 'gate.notNow' : 'gate.reasonNeeded')}>
                <WhatSpeaksAgainst reasons={against} />
                {wait && <p className="num">{window ? <><b className="font-semibold">{t('waits.next')}</b> <WindowWords window={window} /></> : t('waits.unknownWhen')}</p>}
                {wait && !preview.scheduled && <p>{t('waits.offer')}</p>}
              </Notice>
              {request.earlierReason && <p className="text-sm break-words text-ink-3">{t('earlierReason', { reason: request.earlierReason })}</p>}
              <Field label={t('reason')} help={wait && !wait.reason ? t('reasonForNow', { least: LEAST_REASON }) : t('reasonHelp', { least: LEAST_REASON })} error={tried && short ? t('reasonShort', { least: LEAST_REASON }) : undefined}>
                {(a) => <TextArea {...a} value={reason} maxLength={500} disabled={busy !== undefined} onChange={(event) => setReason(event.target.value)} />}
              </Field>
            </>
          )}
          {preview.notes.length > 0 && (
            <ul className="grid list-disc gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">
              {preview.notes.map((note) => <li key={note}>{words.note(note, target)}</li>)}
            </ul>
          )}
          <div className="grid gap-1.5">
            <p className="text-sm text-ink-3">{t('commandRuns')}</p>
            {preview.pullCommand && <Command argv={preview.pullCommand} />}
            {(preview.commands ?? [preview.command]).map((argv) => argv.length > 0 && <Command key={argv.join(' ')} argv={argv} />)}
          </div>
        </>
      )}
    </Dialog>
  );
}

function Running({ id, request, onClose }: { id: string; request: OperationRequest; onClose: () => void }) {
  const words = useOperationWords();
  return <RunningDialog id={id} title={words.title(request.kind, request.target)} watched={useOperation(id)} onClose={onClose} />;
}
