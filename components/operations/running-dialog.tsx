'use client';
/** `<RunningDialog id title watched onClose />`: an operation as it goes. It may be closed, the operation goes on. */
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { cancelOperation } from './operation-client.ts';
import { OperationProgress } from './operation-progress.tsx';
import { isOver } from './operation-words.ts';
import type { useOperation } from './use-operation.ts';

/** `whileRunning`: the title as long as it isn't over. */
export function RunningDialog({ id, title, whileRunning = title, watched, onClose }: { id: string; title: string; whileRunning?: string; watched: ReturnType<typeof useOperation>; onClose: () => void }) {
  const t = useTranslations('operationView');
  const shell = useTranslations('shell');
  const [error, setError] = useState<ShownError>();
  const running = watched.operation && !isOver(watched.operation.state);
  const stop = async () => {
    const answer = await cancelOperation(id);
    if ('error' in answer) setError(answer.error);
  };
  return (
    <Dialog open wide onClose={onClose} title={running || !watched.operation ? whileRunning : title} footer={
      <>
        {running && <Button kind="danger" onClick={stop}>{t(watched.operation?.state === 'scheduled' ? 'waits.cancel' : 'cancel')}</Button>}
        <ButtonLink href={`/history/${id}`}>{t('openInHistory')}</ButtonLink>
        <Button kind="primary" onClick={onClose}>{shell('close')}</Button>
      </>
    }>
      {error && <ErrorNotice error={error} />}
      <OperationProgress watched={watched} />
      {running && <p className="text-sm text-ink-3">{t('goesOn')}</p>}
    </Dialog>
  );
}
