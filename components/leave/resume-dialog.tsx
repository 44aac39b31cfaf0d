'use client';
/** The end of a maintenance's pause: what speaks against the start, and the reason that it wants then. Later once more, where something has come up. */
import type { Gate } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { previewOperation } from '../operations/operation-client.ts';
import { useOperationWords } from '../operations/operation-words.ts';
import { WhatSpeaksAgainst } from '../operations/what-speaks-against.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Loading } from '../ui/skeleton.tsx';
import { Notice } from '../ui/notice.tsx';
import type { ExitView } from './leave-data.ts';
import { send } from './send.ts';
import { useSend } from './use-send.ts';

const LEAST_REASON = 10;
/** ML services start without the gate: nobody else is interrupted by them. */
const YES: Gate = { answer: 'yes' };

export function ResumeDialog({ view, onClose, reload }: { view: ExitView; onClose: () => void; reload: () => void }) {
  const t = useTranslations('leave.resume');
  const operation = useTranslations('operationView');
  const words = useOperationWords();
  const whole = view.params.scope === 'host';
  const [gate, setGate] = useState<Gate | undefined>(whole ? undefined : YES);
  const [unseen, setUnseen] = useState<ShownError>();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const look = useCallback(async () => {
    const answer = await previewOperation({ kind: 'launch-all' });
    if ('value' in answer) setGate(answer.value.gate);
    else setUnseen(answer.error);
  }, []);
  useEffect(() => void (whole && look()), [whole, look]);

  const against = gate?.answer === 'reason-needed' ? gate.reasons : [];
  const short = against.length > 0 && reason.trim().length < LEAST_REASON;
  const { busy, error, go } = useSend(() => send(`/api/leave/${view.id}/resume`, against.length > 0 ? { reason: reason.trim(), shown: against.map(({ why }) => why) } : {}), { onClose, reload });
  const resume = () => {
    setTried(true);
    if (!short) void go();
  };
  return (
    <Dialog open onClose={onClose} busy={busy} title={t('title')} footer={
      <>
        <Button onClick={onClose} disabled={busy}>{t('keep')}</Button>
        <Button kind="primary" busy={busy} disabled={!gate && !unseen} onClick={resume}>{t('verb')}</Button>
      </>
    }>
      {error && <ErrorNotice error={error} />}
      <p>{t('text')}</p>
      {!gate && !unseen && <Loading label={operation('checking')}><p className="text-base text-ink-2">{operation('checking')}</p></Loading>}
      {unseen && <Notice state="unknown" title={t('notLooked')}><p>{words.evidence({ code: unseen.code, params: unseen.params ?? {} })}</p><p>{t('refusedText')}</p></Notice>}
      {gate?.answer === 'refused' && <Notice state="attention" title={t('refused')}><p>{words.gate(gate.why, gate.params)}</p><p>{t('refusedText')}</p></Notice>}
      {against.length > 0 && (
        <>
          <Notice state="attention" title={operation('gate.reasonNeeded')}><WhatSpeaksAgainst reasons={against} /></Notice>
          <Field label={operation('reason')} help={operation('reasonHelp', { least: LEAST_REASON })} error={tried && short ? operation('reasonShort', { least: LEAST_REASON }) : undefined}>
            {(a) => <TextArea {...a} value={reason} maxLength={500} disabled={busy} onChange={(event) => setReason(event.target.value)} />}
          </Field>
        </>
      )}
    </Dialog>
  );
}
