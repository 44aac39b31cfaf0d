'use client';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import type { Group } from '#lib/operations/schema.ts';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Card } from '../ui/card.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useTick } from '../ui/tick.ts';
import { containerWords, imageTag } from './container-state.ts';
import { GroupActions, RowActions } from './service-actions.tsx';
import { ServiceState } from './service-state.tsx';
import type { Orphan, ServiceRow, ServicesNow, ServicesUse } from './services-data.ts';

type Shared = { now: ServicesNow; title: string; onAsk: (request: OperationRequest) => void };

export function ServicesTable({ now, title, group, rows, use, onAsk }: Shared & { group: Group; rows: readonly ServiceRow[]; /** Absent: not asked for. */ use?: ServicesUse }) {
  const t = useTranslations('services');
  const format = useFormatter();
  const time = useTick(5000);
  const known = now.engine.state === 'ok';
  return (
    <Card title={title} className="pb-1" action={<GroupActions group={group} label={t('group.menu')} containers={rows.filter((row) => row.enabled || row.container).map((row) => row.container)} onAsk={onAsk} disabled={!known} />}>
      <div className="pt-1.5">
        <Table label={title}>
          <thead>
            <tr><Th>{t('column.service')}</Th><Th>{t('column.state')}</Th>{use && <Th right>{t('column.use')}</Th>}<Th right hide="sm">{t('column.since')}</Th><Th right hide="md">{t('column.restarts')}</Th><Th hide="md">{t('column.image')}</Th><Th right><span className="sr-only">{t('column.actions')}</span></Th></tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const words = containerWords(row.container, time, known);
              const image = row.container?.image ?? row.image;
              return (
                <tr key={row.name}>
                  <Td className="max-w-44 md:w-56">
                    <Link href={`/services/${encodeURIComponent(row.name)}`} prefetch={false} className="font-semibold break-words hover:underline">{row.name}</Link>
                    {row.role !== 'other' && <span className="block text-sm text-ink-3">{t(`role.${row.role}`)}</span>}
                  </Td>
                  <Td><ServiceState container={row.container} engine={now.engine} at={now.at} enabled={row.enabled} role={row.role} witness={now.witness} /></Td>
                  {use && <Td right className="num text-ink-2"><Use use={use.use[row.name]} /></Td>}
                  <Td right hide="sm" className="text-ink-2">{known && words.since ? <TimeAgo at={words.since} bare /> : '–'}</Td>
                  <Td right hide="md" className="text-ink-2">{known && row.container ? format.number(row.container.restarts) : '–'}</Td>
                  <Td hide="md" className="max-w-40 text-ink-2"><span title={image} className="break-words">{imageTag(image)}</span></Td>
                  <Td right className="pl-0"><RowActions service={row.name} container={row.container} onAsk={onAsk} disabled={!known || !row.enabled} /></Td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

/** Processor above memory; a dash for what doesn't run. */
function Use({ use }: { use: ServicesUse['use'][string] | undefined }) {
  const format = useFormatter();
  const bytes = useBytes();
  if (!use) return <>–</>;
  return <span className="grid whitespace-nowrap"><span>{use.cpuPercent === undefined ? '…' : format.number(use.cpuPercent / 100, { style: 'percent', maximumFractionDigits: 0 })}</span><span>{bytes(use.memory)}</span></span>;
}

/** Containers of the project that no compose file names. Nothing is done to them from here. */
export function OrphansTable({ now, orphans }: { now: ServicesNow; orphans: readonly Orphan[] }) {
  const t = useTranslations('services');
  return (
    <Card title={t('orphans')} className="pb-1">
      <p className="max-w-[75ch] px-4 pt-1 text-sm text-ink-3 sm:px-4.5">{t('orphansText')}</p>
      <div className="pt-1.5">
        <Table label={t('orphans')}>
          <thead><tr><Th>{t('column.container')}</Th><Th>{t('column.state')}</Th><Th hide="sm">{t('column.why')}</Th><Th hide="md">{t('column.image')}</Th></tr></thead>
          <tbody>
            {orphans.map((one) => (
              <tr key={one.id}>
                <Td className="max-w-48 font-semibold break-words">{one.name}</Td>
                <Td>{one.oneOff && one.state === 'exited' ? <span className="text-sm text-ink-3">{t('ended', { code: one.exitCode ?? 0 })}</span> : <ServiceState container={one} engine={now.engine} at={now.at} />}</Td>
                <Td hide="sm" className="text-ink-2">{one.oneOff ? t('orphanWhy.oneOff', { service: one.service ?? '–' }) : t('orphanWhy.unknown', { service: one.service ?? '–' })}</Td>
                <Td hide="md" className="max-w-40 text-ink-2"><span title={one.image} className="break-words">{imageTag(one.image)}</span></Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}
