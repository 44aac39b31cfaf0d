'use client';
/** `<OperationProgress id />`: an operation live, wherever it is shown: state, steps with evidence, error, output. */
import type { OperationView, OutputLine, StepState } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import { At } from '../ui/time-ago.tsx';
import { isOver, operationState, useOperationWords } from './operation-words.ts';
import { OutputView } from './output-view.tsx';
import { StepList, type StepItem } from './step-list.tsx';
import { TransferProgress } from './transfer-progress.tsx';
import { Waits } from './waits.tsx';

const stepStates: Record<StepState, StepItem['state']> = { pending: 'waiting', running: 'working', done: 'ok', skipped: 'skipped', failed: 'broken', interrupted: 'attention' };

export function OperationState({ operation }: { operation: OperationView }) {
  const words = useOperationWords();
  return <State state={operationState(operation.state)}>{words.state(operation.state)}</State>;
}

export function OperationSteps({ operation }: { operation: OperationView }) {
  const t = useTranslations('operationView');
  const words = useOperationWords();
  return (
    <StepList label={t('steps')} items={operation.steps.map((step) => ({
      key: String(step.position),
      state: stepStates[step.state],
      title: words.step(step.name),
      text: step.detail && words.evidence(step.detail),
      time: step.endedAt ? <At at={step.endedAt} seconds /> : step.state === 'running' ? t('now') : undefined,
    }))} />
  );
}

/** Why it did not end well, in words; nothing for a good or an unfinished one. */
export function OperationOutcome({ operation }: { operation: OperationView }) {
  const t = useTranslations('operationView');
  if (operation.error) return <ErrorNotice error={operation.error} state={operation.state === 'failed' ? 'broken' : 'attention'} />;
  if (operation.state === 'cancelled' || operation.state === 'interrupted') {
    return <Notice state="attention" live title={t(`outcome.${operation.state}.title`)}>{t(`outcome.${operation.state}.text`)}</Notice>;
  }
  return null;
}

type Watched = { operation?: OperationView; lines: OutputLine[]; error?: ShownError; live: boolean };

/** The body of the dialog while an operation runs, and after. */
export function OperationProgress({ watched }: { watched: Watched }) {
  const t = useTranslations('operationView');
  const { operation, lines, error, live } = watched;
  if (!operation) return error ? <ErrorNotice error={error} /> : <Loading label={t('loading')}><SkeletonRows rows={3} /></Loading>;
  return (
    <>
      <div aria-live="polite"><OperationState operation={operation} /></div>
      {!live && <Notice state="unknown" title={t('notLive.title')}>{t('notLive.text')}</Notice>}
      {operation.state === 'scheduled' && <Notice state="working" title={t('waits.heading')}><Waits waits={operation.waits} /></Notice>}
      <OperationSteps operation={operation} />
      {operation.progress && <TransferProgress progress={operation.progress} />}
      <OperationOutcome operation={operation} />
      {(lines.length > 0 || (!isOver(operation.state) && operation.state !== 'scheduled')) && <OutputView lines={lines} running={!isOver(operation.state)} />}
    </>
  );
}
