'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useOperationWords } from '../operations/operation-words.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { Overview } from './overview-data.ts';

const stateOf: Record<string, StateWord> = { scheduled: 'working', queued: 'working', running: 'working', succeeded: 'ok', failed: 'broken', cancelled: 'attention', interrupted: 'attention' };

export function LastOperations({ operations }: { operations: Overview['operations'] }) {
  const t = useTranslations('overview');
  const words = useOperationWords();
  return (
    <Card title={t('lastOperations')} action={<Link href="/history" prefetch={false} className="link">{t('history')}</Link>}>
      {operations.state === 'unknown' && <CardBody><State state="unknown">{t('operationsUnknown')}</State></CardBody>}
      {operations.state === 'ok' && operations.list.length === 0 && <CardBody className="text-base text-ink-2">{t('noOperations')}</CardBody>}
      {operations.list.length > 0 && (
        <ul className="mt-2 text-base">
          {operations.list.map((operation) => (
            <li key={operation.id} className="border-t">
              <Link href={`/history/${operation.id}`} prefetch={false} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-2 hover:bg-sunken sm:px-4.5">
                <span className="min-w-0 break-words">{words.title(operation.kind, operation.target)}</span>
                <TimeAgo at={operation.at} className="text-right text-ink-3" />
                <State state={stateOf[operation.state] ?? 'unknown'}>{t(`operation.${operation.state}`)}</State>
                <span className="text-right text-sm text-ink-3">{operation.user}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
