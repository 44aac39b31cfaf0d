'use client';
/** What is under way or waits for its safe window, on pages where it matters: it was started earlier, in another tab or by someone else. */
import type { OperationView } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { cancelOperation } from './operation-client.ts';
import { useOperationWords } from './operation-words.ts';
import { useOperations } from './use-operations.ts';
import { Waits } from './waits.tsx';

export function RunningOperations() {
  const t = useTranslations('operationView');
  const words = useOperationWords();
  const { operations, reload } = useOperations({ state: ['scheduled', 'queued', 'running'], limit: 10 }, 4000);
  return operations?.map((o) => o.state === 'scheduled' ? <Scheduled key={o.id} operation={o} onChanged={() => void reload()} /> : (
    <Notice key={o.id} state="working" live title={words.title(o.kind, o.target)} action={<ButtonLink size="sm" href={`/history/${o.id}`}>{t('watch')}</ButtonLink>}>
      <p className="text-sm text-ink-2">{t('runningBy', { user: o.startedBy })} <TimeAgo at={o.createdAt} /></p>
    </Notice>
  )) ?? null;
}

function Scheduled({ operation, onChanged }: { operation: OperationView; onChanged: () => void }) {
  const t = useTranslations('operationView');
  const words = useOperationWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const title = words.title(operation.kind, operation.target);
  const cancel = async () => {
    setBusy(true);
    const answer = await cancelOperation(operation.id);
    setBusy(false);
    setError('error' in answer ? answer.error : undefined);
    onChanged();
  };
  return (
    <>
      <Notice state="working" title={t('waits.title', { title })} action={
        <><Button size="sm" busy={busy} onClick={cancel} aria-label={t('waits.cancelOf', { title })}>{t('waits.cancel')}</Button><ButtonLink size="sm" href={`/history/${operation.id}`}>{t('waits.details')}</ButtonLink></>
      }>
        <p className="text-sm text-ink-2">{t('waits.by', { user: operation.startedBy })} <TimeAgo at={operation.createdAt} /></p>
        <Waits waits={operation.waits} />
      </Notice>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
