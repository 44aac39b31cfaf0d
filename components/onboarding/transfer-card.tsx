'use client';
/** `<TransferCard last onAgain />`: a transfer as it goes: how far it is, how to stop it, why it ended. Nothing for one that is done. */
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { cancelOperation } from '../operations/operation-client.ts';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { OperationOutcome, OperationState } from '../operations/operation-progress.tsx';
import { isOver, useOperationWords } from '../operations/operation-words.ts';
import { TransferProgress } from '../operations/transfer-progress.tsx';
import { useOperation } from '../operations/use-operation.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';

export function TransferCard({ last, onAgain }: { last: OperationView; onAgain: (request: OperationRequest) => void }) {
  const t = useTranslations('operationView');
  const own = useTranslations('onboarding.images');
  const words = useOperationWords();
  const { operation = last } = useOperation(last.id);
  const [error, setError] = useState<ShownError>();
  const running = !isOver(operation.state);
  if (operation.state === 'succeeded') return null;
  const step = operation.steps.find(({ state }) => state === 'running');
  const stop = async () => {
    const answer = await cancelOperation(operation.id);
    setError('error' in answer ? answer.error : undefined);
  };
  return (
    <section aria-label={words.title(operation.kind)} className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t px-4 py-3.5 sm:px-4.5">
      <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1"><OperationState operation={operation} />{step && <span className="text-base text-ink-2">{words.step(step.name)}</span>}</p>
      {operation.progress && running && <TransferProgress progress={operation.progress} />}
      <OperationOutcome operation={operation} />
      {error && <ErrorNotice error={error} />}
      <div className="flex flex-wrap gap-2">
        {running ? <Button kind="danger" size="lg" onClick={stop}>{t('cancel')}</Button> : <Button kind="primary" size="lg" onClick={() => onAgain(again(operation))}>{own('again')}</Button>}
        <ButtonLink size="lg" href={`/history/${operation.id}`}>{t('openInHistory')}</ButtonLink>
      </div>
    </section>
  );
}

const again = ({ kind, params, id }: OperationView): OperationRequest => ({ kind: kind as Kind, params, retryOf: id });
