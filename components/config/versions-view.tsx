'use client';
/** Every version of the file that the panel wrote or met: who, when, which variables, how; one opened against the file as it is now. */
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useClock } from '../ui/duration.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { ConfigVersion, ConfigVersionRow } from './config-data.ts';
import { DiffView } from './diff-view.tsx';

export function VersionsView({ onOpen }: { onOpen: (id: string) => void }) {
  const t = useTranslations('config.versions');
  const shell = useTranslations('shell');
  const { full } = useClock();
  const { data, error } = usePanelData<{ versions: ConfigVersionRow[] }>('/api/config/versions?file=env', { every: 10_000 });
  return (
    <Card title={t('title')} className="pb-1">
      <p className="max-w-[75ch] px-4 pt-1 pb-2 text-sm text-ink-3 sm:px-4.5">{t('intro')}</p>
      {error && <CardBody><ErrorNotice error={error} /></CardBody>}
      {!data && !error && <Loading label={shell('loading')}><SkeletonRows rows={5} /></Loading>}
      {data?.versions.length === 0 && <Empty title={t('none.title')}>{t('none.text')}</Empty>}
      {data && data.versions.length > 0 && (
        <Table label={t('title')}>
          <thead><tr><Th>{t('when')}</Th><Th>{t('changed')}</Th><Th hide="sm">{t('who')}</Th><Th hide="sm">{t('how')}</Th><Th right><span className="sr-only">{t('open')}</span></Th></tr></thead>
          <tbody>
            {data.versions.map((row) => (
              <tr key={row.id}>
                <Td className="min-w-32 align-top"><TimeAgo at={row.at} />{row.current && <Tag className="ml-2">{t('current')}</Tag>}<span className="block text-sm text-ink-3 sm:hidden">{row.by || t('nobody')} · {t(`by.${row.how}`)}</span></Td>
                <Td className="max-w-80 align-top break-words">{row.changed.length > 0 ? <Changed names={row.changed} /> : <span className="text-ink-3">{t('noNames')}</span>}</Td>
                <Td hide="sm" className="align-top text-ink-2">{row.by || t('nobody')}</Td>
                <Td hide="sm" className="align-top text-ink-2">{t(`by.${row.how}`)}{row.operation && <> · <Link href={`/history/${row.operation}`} prefetch={false} className="link underline underline-offset-2">{t('operation')}</Link></>}</Td>
                <Td right className="align-top"><Button size="sm" aria-label={t('openOf', { at: full(Date.parse(row.at)) })} onClick={() => onOpen(row.id)}>{t('open')}</Button></Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

const FEW = 6;
function Changed({ names }: { names: readonly string[] }) {
  const t = useTranslations('config.versions');
  return <span className="text-sm">{names.slice(0, FEW).map((name, i) => <span key={name}>{i > 0 && ', '}<code>{name}</code></span>)}{names.length > FEW && ` ${t('andMore', { count: names.length - FEW })}`}</span>;
}

type DialogProps = { id: string | undefined; /** Why it can't be restored now, as a sentence. */ blocked?: string; onClose: () => void; onRestore: (row: ConfigVersion) => void };

export function VersionDialog({ id, blocked, onClose, onRestore }: DialogProps) {
  const t = useTranslations('config.versions');
  const shell = useTranslations('shell');
  const { data, error } = usePanelData<ConfigVersion>(id ? `/api/config/versions/${id}` : null, { every: 0, keepPreviousData: false });
  const same = data?.diffToNow.every((line) => line.kind === 'same') ?? true;
  if (!id) return null;
  return (
    <Dialog open wide onClose={onClose} title={data ? <>{t('versionOf')} <TimeAgo at={data.at} /></> : t('version')} footer={
      <><Button onClick={onClose}>{shell('close')}</Button><Button kind="primary" disabled={!data || same || blocked !== undefined} onClick={() => data && onRestore(data)}>{t('restore')}</Button></>
    }>
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Loading label={shell('loading')} className="grid gap-3"><Skeleton className="h-4 w-40" /><Skeleton className="h-40 w-full" /></Loading>}
      {data && (
        <>
          <p className="text-base text-ink-2">{data.by || t('nobody')} · {t(`by.${data.how}`)}{data.operation && <> · <Link href={`/history/${data.operation}`} prefetch={false} className="link underline underline-offset-2">{t('operation')}</Link></>}</p>
          <div className="grid gap-2"><h3 className="text-sm font-semibold text-ink-2">{t('diffToNow')}</h3>{same ? <p className="text-base text-ink-2">{t('sameAsNow')}</p> : <DiffView diff={data.diffToNow} label={t('diffToNow')} />}</div>
          <p className="text-sm text-ink-3">{t('secrets')}</p>
          {blocked && <p className="text-sm text-warn">{blocked}</p>}
        </>
      )}
    </Dialog>
  );
}
