'use client';
/** Many ML nodes from CSV or JSON: read, shown row by row with what is wrong, and sent only when nothing is, or what is was left out. */
import { useTranslations } from 'next-intl';
import { useId, useMemo, useState } from 'react';
import type { CheckInput } from '#lib/operations/ml-nodes/schema.ts';
import { LoseEditsDialog } from '../config/page-dialogs.tsx';
import { ProblemLines } from '../config/problem-lines.tsx';
import { RunningDialog } from '../operations/running-dialog.tsx';
import { useOperation } from '../operations/use-operation.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { countOf } from '../node-config/problem-filter.ts';
import { badRows, batchOf, keptNodes } from './batch-rows.ts';
import { BatchTable } from './batch-table.tsx';
import { BeforeSending, reasonIsShort, reasonsOf } from './before-sending.tsx';
import { CheckState } from './check-state.tsx';
import { saveNodes } from './ml-nodes-client.ts';
import { useNodeCheck } from './use-node-check.ts';

/** As the route takes it. */
const MOST_TEXT = 512 * 1024;
const CSV = 'id,host,inference_port,poc_port,max_concurrent,model,args\nnode2,10.0.0.12,5050,8080,500,Qwen/Qwen3-32B-FP8,--tensor-parallel-size 4';
const JSON_TEXT = '[{"id": "node2", "host": "10.0.0.12", "inference_port": 5050, "poc_port": 8080, "max_concurrent": 500,\n  "models": {"Qwen/Qwen3-32B-FP8": {"args": ["--tensor-parallel-size", "4"]}}}]';

export function BatchDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations('mlNodes.batch');
  const [id, setId] = useState<string>();
  const close = () => {
    setId(undefined);
    onClose();
  };
  if (!open) return null;
  return id ? <Sending id={id} title={t('title')} onClose={close} /> : <Preparing onClose={close} onStarted={setId} />;
}

function Preparing({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }) {
  const t = useTranslations('mlNodes.batch');
  const shell = useTranslations('shell');
  const file = useId();
  const [text, setText] = useState('');
  const [out, setOut] = useState<ReadonlySet<number>>(new Set());
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const [losing, setLosing] = useState(false);
  const tooLong = () => setError({ code: 'ml_nodes_text_long', params: { most: MOST_TEXT / 1024 } });
  const put = (next: string) => {
    setText(next);
    setOut(new Set());
    setError(undefined);
    if (next.length > MOST_TEXT) tooLong();
  };
  const asked = useMemo<CheckInput | undefined>(() => (text.trim() === '' || text.length > MOST_TEXT ? undefined : { text }), [text]);
  const whole = useNodeCheck(asked);
  const read = whole.answer;
  const kept = useMemo<CheckInput | undefined>(() => {
    const nodes = read && out.size > 0 ? keptNodes(read, out) : [];
    return nodes.length > 0 ? { nodes } : undefined;
  }, [read, out]);
  const rest = useNodeCheck(kept);
  const last = out.size > 0 ? rest : whole;
  const batch = read && batchOf(read, out, rest.fresh ? rest.answer : undefined);
  const bad = batch ? badRows(batch.rows) : [];
  const problems = batch ? [...batch.loose, ...batch.rows.filter((row) => !row.out).flatMap((row) => row.problems)] : [];
  const checking = whole.checking || rest.checking;
  const sendable = batch?.sendable === true && !checking && whole.fresh && last.fresh && last.answer?.gate.answer !== 'refused';
  const close = () => (text.trim() === '' ? onClose() : setLosing(true));
  const send = async () => {
    setTried(true);
    if (!batch || !sendable || reasonIsShort(last.answer, reason)) return;
    setBusy(true);
    const against = reasonsOf(last.answer);
    const begun = await saveNodes({ ...(out.size === 0 ? { do: 'add-text', text } : { do: 'add-many', nodes: batch.kept }), ...(against.length > 0 ? { reason: reason.trim(), shown: against.map((one) => one.why) } : {}) });
    setBusy(false);
    if ('value' in begun) return onStarted(begun.value.id);
    setError(begun.error.code === 'operation_reason_needed' ? undefined : begun.error);
    setTried(false);
    last.recheck();
  };
  return (
    <>
      <Dialog open wide busy={busy} onClose={close} title={t('title')} footer={
        <>
          <span className="mr-auto self-center text-sm" aria-live="polite">{asked && <CheckState checking={checking} error={last.error ?? whole.error} counts={countOf(problems)} />}</span>
          <Button onClick={close} disabled={busy}>{shell('cancel')}</Button>
          <Button kind="primary" busy={busy} disabled={!sendable} onClick={send}>{t('send', { count: batch?.kept.length ?? 0 })}</Button>
        </>
      }>
        {error && <ErrorNotice error={error} />}
        <Field label={t('text')} help={t('help')}>
          {(a) => <TextArea {...a} value={text} disabled={busy} spellCheck={false} autoComplete="off" onChange={(event) => put(event.target.value)} className="min-h-32 font-mono sm:text-base" />}
        </Field>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <label htmlFor={file} className="cursor-pointer rounded-md border border-line-strong px-3 py-1.5 text-base font-medium hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent">
            {t('file')}
            <input id={file} type="file" accept=".csv,.json,text/csv,application/json" disabled={busy} className="sr-only" onChange={async (event) => {
              const chosen = event.target.files?.[0];
              event.target.value = '';
              if (!chosen) return;
              if (chosen.size > MOST_TEXT) tooLong();
              else put(await chosen.text());
            }} />
          </label>
        </div>
        <details>
          <summary className="w-fit rounded-sm text-base text-ink-2 hover:text-ink">{t('forms')}</summary>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-2 pt-2 text-sm text-ink-2">
            <p>{t('csvForm')}</p><pre className="overflow-x-auto rounded-md bg-sunken px-3 py-2.5 text-[0.8rem]">{CSV}</pre>
            <p>{t('jsonForm')}</p><pre className="overflow-x-auto rounded-md bg-sunken px-3 py-2.5 text-[0.8rem]">{JSON_TEXT}</pre>
          </div>
        </details>
        {(last.error ?? whole.error) && <ErrorNotice error={(last.error ?? whole.error) as ShownError} state="unknown" action={<Button size="sm" onClick={() => { whole.recheck(); rest.recheck(); }}>{shell('tryAgain')}</Button>} />}
        {batch && (
          <>
            <ProblemLines problems={batch.loose} />
            {bad.length > 0 && <div><Button size="sm" disabled={busy || checking} onClick={() => setOut(new Set([...out, ...bad]))}>{t('leaveOutBad', { count: bad.length })}</Button></div>}
            {batch.rows.length > 0 && <BatchTable rows={batch.rows} busy={busy} onOut={(at, left) => setOut(new Set(left ? [...out, at] : [...out].filter((one) => one !== at)))} />}
          </>
        )}
        {last.answer && batch && batch.kept.length > 0 && countOf(problems).broken === 0 && <BeforeSending check={last.answer} reason={reason} onReason={setReason} tried={tried} busy={busy} />}
      </Dialog>
      <LoseEditsDialog open={losing} kind="discard" onStay={() => setLosing(false)} onGo={onClose} />
    </>
  );
}

function Sending({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  return <RunningDialog id={id} title={title} watched={useOperation(id)} onClose={onClose} />;
}
