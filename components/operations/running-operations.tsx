'use client';
/** What is under way now, on pages where it matters: it was started earlier, in another tab or by someone else. */
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useOperationWords } from './operation-words.ts';
import { useOperations } from './use-operations.ts';

export function RunningOperations() {
  const t = useTranslations('operationView');
  const words = useOperationWords();
  const { operations } = useOperations({ state: ['queued', 'running'], limit: 5 }, 4000);
  return operations?.map((o) => (
    <Notice key={o.id} state="working" live title={words.title(o.kind, o.target)} action={<ButtonLink size="sm" href={`/history/${o.id}`}>{t('watch')}</ButtonLink>}>
      <p className="text-sm text-ink-2">{t('runningBy', { user: o.startedBy })} <TimeAgo at={o.createdAt} /></p>
    </Notice>
  )) ?? null;
}
