'use client';
/** Operations as rows, newest first; used by the history and by one service's page. */
import type { OperationView } from '#lib/operations/schema.ts';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { OperationState } from '../operations/operation-progress.tsx';
import { useOperationWords } from '../operations/operation-words.ts';
import { useDuration } from '../ui/duration.ts';
import { useErrorWords } from '../ui/error-notice.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';

export function OperationRows({ operations, wide }: { operations: readonly OperationView[]; wide?: boolean }) {
  const t = useTranslations('history');
  const words = useOperationWords();
  const errors = useErrorWords();
  const duration = useDuration();
  return (
    <ul aria-label={t('list')} className="mt-2 text-base">
      {operations.map((o) => (
        <li key={o.id} className="border-t">
          <Link href={`/history/${o.id}`} prefetch={false} className={`grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 px-4 py-2.5 hover:bg-sunken sm:px-4.5 ${wide ? 'md:grid-cols-[8.5rem_minmax(0,1fr)_9rem_6rem_7rem]' : ''}`}>
            <span className={wide ? 'max-md:order-3' : 'order-3'}><OperationState operation={o} /></span>
            <span className="grid min-w-0 gap-0.5">
              <span className="break-words">{words.title(o.kind, o.target)}</span>
              {wide && (o.error ?? o.reason) && <span className="text-sm break-words text-ink-3 max-md:hidden">{o.error ? errors(o.error).what : t('reasonShort', { reason: o.reason ?? '' })}</span>}
            </span>
            <span className={`truncate text-ink-3 ${wide ? 'max-md:order-4 max-md:text-right' : 'order-4 text-right text-sm'}`}>{o.startedBy}</span>
            {wide && <span className="text-right text-ink-3 tabular-nums max-md:hidden">{o.durationMs === undefined ? '–' : duration(o.durationMs)}</span>}
            <TimeAgo at={o.createdAt} className={`text-right text-ink-3 ${wide ? 'max-md:order-2' : 'order-2'}`} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
