'use client';
/** One ML node, new or changed, checked while it is typed; then the request as it goes. */
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { CheckInput } from '#lib/operations/ml-nodes/schema.ts';
import { LoseEditsDialog } from '../config/page-dialogs.tsx';
import { ProblemLines } from '../config/problem-lines.tsx';
import { NodeCard } from '../node-config/node-card.tsx';
import type { ApprovedModel, NodeConfigEntry } from '../node-config/node-config-data.ts';
import { countOf, problemsOfFile } from '../node-config/problem-filter.ts';
import { RunningDialog } from '../operations/running-dialog.tsx';
import { useOperation } from '../operations/use-operation.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { BeforeSending, reasonIsShort, reasonsOf } from './before-sending.tsx';
import { CheckState } from './check-state.tsx';
import { saveNodes } from './ml-nodes-client.ts';
import { useNodeCheck } from './use-node-check.ts';

/** A new node begins as upstream's own example does. */
const EMPTY_NODE: NodeConfigEntry = { id: '', host: '', inferencePort: 5050, pocPort: 8080, maxConcurrent: 500, models: [{ id: '', args: [] }], extra: [] };

export type EditRequest = { /** Absent: a new one. */ node?: { entry: NodeConfigEntry; version: string } };
type Props = { request: EditRequest | undefined; approved: readonly ApprovedModel[] | undefined; onClose: () => void };

export function EditDialog({ request, approved, onClose }: Props) {
  const [id, setId] = useState<string>();
  const close = () => {
    setId(undefined);
    onClose();
  };
  if (!request) return null;
  return id ? <Saving id={id} request={request} onClose={close} /> : <Editing request={request} approved={approved} onClose={close} onStarted={setId} />;
}

function Editing({ request, approved, onClose, onStarted }: Omit<Props, 'request'> & { request: EditRequest; onStarted: (id: string) => void }) {
  const t = useTranslations('mlNodes.edit');
  const shell = useTranslations('shell');
  // What is on the screen was read when the form was opened: the list goes on, the form doesn't.
  const [before] = useState(request.node);
  const [node, setNode] = useState<NodeConfigEntry>(before?.entry ?? EMPTY_NODE);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const [losing, setLosing] = useState(false);
  const changed = node !== (before?.entry ?? EMPTY_NODE);
  const question = useMemo<CheckInput | undefined>(() => (changed ? { node, ...(before ? { base: before.version } : {}) } : undefined), [node, before, changed]);
  const check = useNodeCheck(question);
  const answer = check.answer;
  const problems = answer?.problems ?? [];
  const loose = problemsOfFile(problems, 1);
  const sendable = check.fresh && answer?.sendable === true && answer.gate.answer !== 'refused';

  const save = async () => {
    setTried(true);
    if (!sendable || reasonIsShort(answer, reason)) return;
    setBusy(true);
    const against = reasonsOf(answer);
    const begun = await saveNodes({ do: 'save', node, ...(before ? { base: before.version } : {}), ...(against.length > 0 ? { reason: reason.trim(), shown: against.map((one) => one.why) } : {}) });
    setBusy(false);
    if ('value' in begun) return onStarted(begun.value.id);
    setError(begun.error.code === 'operation_reason_needed' ? undefined : begun.error);
    setTried(false);
    check.recheck();
  };
  return (
    <>
      <Dialog open wide busy={busy} onClose={() => (changed ? setLosing(true) : onClose())} title={before ? t('title', { node: before.entry.id }) : t('newTitle')} footer={
        <>
          <span className="mr-auto self-center text-sm" aria-live="polite">{changed && <CheckState checking={check.checking} error={check.error} counts={countOf(problems)} />}</span>
          <Button onClick={() => (changed ? setLosing(true) : onClose())} disabled={busy}>{shell('cancel')}</Button>
          <Button kind="primary" busy={busy} disabled={!sendable} onClick={save}>{before ? t('save', { node: before.entry.id }) : t('add')}</Button>
        </>
      }>
        {error && <ErrorNotice error={error} />}
        {before && <p className="max-w-[75ch] text-base text-ink-2">{t('replaces')}</p>}
        <NodeCard entry={node} at={0} problems={problems} approved={approved} readOnly={busy} narrow onChange={setNode} />
        <ProblemLines problems={loose} />
        {check.error && <ErrorNotice error={check.error} state="unknown" action={<Button size="sm" onClick={check.recheck}>{shell('tryAgain')}</Button>} />}
        {changed && !answer && check.checking && <Loading label={t('checking')}><Skeleton className="h-16 w-full" /></Loading>}
        {changed && answer && !countOf(problems).broken && <BeforeSending check={answer} reason={reason} onReason={setReason} tried={tried} busy={busy} />}
      </Dialog>
      <LoseEditsDialog open={losing} kind="discard" onStay={() => setLosing(false)} onGo={onClose} />
    </>
  );
}

function Saving({ id, request, onClose }: { id: string; request: EditRequest; onClose: () => void }) {
  const t = useTranslations('mlNodes.edit');
  return <RunningDialog id={id} title={request.node ? t('title', { node: request.node.entry.id }) : t('newTitle')} watched={useOperation(id)} onClose={onClose} />;
}
