'use client';
/** Somebody enabled a node, or added one, while the exit ran: it fights nobody and asks. */
import type { ExitQuestion as Question } from '#lib/operations/exit/schema.ts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { useList } from '../ui/use-list.ts';
import { send } from './send.ts';

export function ExitQuestion({ id, question, reload }: { id: string; question: Question; reload: () => void }) {
  const t = useTranslations('leave.question');
  const list = useList();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const goOn = async () => {
    setBusy(true);
    setError(await send(`/api/leave/${id}/answer`, { answer: 'go-on', nodes: question.nodes }));
    setBusy(false);
    reload();
  };
  return (
    <Notice state="attention" live title={t(`${question.code}.title`, { nodes: list(question.nodes), count: question.nodes.length })} action={<Button kind="primary" busy={busy} onClick={goOn}>{t('goOn', { count: question.nodes.length })}</Button>}>
      <p>{t(`${question.code}.text`)}</p>
      <p>{t('orCancel')}</p>
      {error && <ErrorNotice error={error} />}
    </Notice>
  );
}
