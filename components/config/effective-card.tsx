'use client';
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useMessages, useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { EffectiveRow, EffectiveService } from './config-data.ts';

const differs = (row: EffectiveRow): boolean => row.state !== 'same';
/** Rows in which a container has something else than it would get now. Where there is none, nothing differs. */
export const differences = ({ container, rows }: EffectiveService): EffectiveRow[] => (container ? rows.filter(differs) : []);

/** One service: where its container has something else than it would get now, and the way to it. */
export function EffectiveCard({ one, onAsk }: { one: EffectiveService; onAsk: (request: OperationRequest) => void }) {
  const { service, container, rows, error } = one;
  const t = useTranslations('config.effective');
  const [open, setOpen] = useState(false);
  const id = useId();
  const odd = differences(one);
  const same = rows.filter((row) => !odd.includes(row));
  return (
    <Card className="pb-1"
      title={<Link href={`/services/${encodeURIComponent(service)}`} prefetch={false} className="text-base text-ink hover:underline">{service}</Link>}
      source={container ? <>{container.name}, {container.state}{container.startedAt && <> · {t('started')} <TimeAgo at={container.startedAt} /></>}</> : undefined}
      action={container && !error && odd.length > 0 && <Button size="sm" onClick={() => onAsk({ kind: 'recreate', target: service })}>{t('recreate', { service })}</Button>}>
      {error && <CardBody><ErrorNotice error={error} state="unknown" /></CardBody>}
      {!error && !container && <CardBody className="text-base text-ink-2">{t('noContainer')}</CardBody>}
      {container && !error && rows.length > 0 && odd.length === 0 && <CardBody className="text-base"><State state="ok">{t('allSame')}</State></CardBody>}
      {odd.length > 0 && <div className="pt-2"><Rows rows={odd} label={t('differences', { service })} created /></div>}
      {same.length > 0 && (
        <>
          <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)} className="flex w-full items-center gap-2 border-t px-4 py-2.5 text-left text-base text-ink-2 -outline-offset-2 hover:text-ink sm:px-4.5">
            <ChevronRight aria-hidden="true" className={clsx('size-4 transition-transform', open && 'rotate-90')} />{container ? t('same', { count: same.length }) : t('would', { count: same.length })}
          </button>
          <div id={id} hidden={!open}>{open && <Rows rows={same} label={t('sameOf', { service })} created={container !== undefined} />}</div>
        </>
      )}
    </Card>
  );
}

function Rows({ rows, label, created }: { rows: readonly EffectiveRow[]; label: string; created: boolean }) {
  const t = useTranslations('config.effective');
  return (
    <Table label={label} className="max-md:block max-md:[&_tbody]:block max-md:[&_td]:block max-md:[&_td]:border-t-0 max-md:[&_td]:py-0.5 max-md:[&_thead]:sr-only max-md:[&_tr]:block max-md:[&_tr]:border-t max-md:[&_tr]:py-2">
      <thead><tr><Th>{t('variable')}</Th><Th>{t('running')}</Th><Th>{t('file')}</Th><Th>{t('compose')}</Th></tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.kind} ${row.variable}`} className="align-top">
            <Td className="md:w-[28%]"><RowName row={row} />{created && differs(row) && <State state="attention" className="mt-0.5 flex">{t(`state.${row.state}`)}</State>}</Td>
            <Cell name={t('running')} row={row} value={row.running} absent={t('notThere')} />
            <Cell name={t('file')} row={row} value={row.file} absent={t('notInFile')} />
            <Cell name={t('compose')} row={row} value={row.compose} absent={t('notThere')} />
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Many keys of a container have another name than the variable they are made from; only the form's own lead there. */
function RowName({ row: { kind, variable } }: { row: EffectiveRow }) {
  const t = useTranslations('config.effective.kind');
  const fields = (useMessages() as { config?: { fields?: Record<string, unknown> } }).config?.fields ?? {};
  const code = variable ? <code className="text-sm font-semibold break-all">{variable}</code> : null;
  if (kind !== 'variable') return <span className="block">{code} <span className={variable ? 'text-sm text-ink-3' : 'text-sm font-semibold'}>{t(kind)}</span></span>;
  return Object.hasOwn(fields, variable) ? <Link href={`/config?field=${variable}`} prefetch={false} className="block hover:underline">{code}</Link> : <span className="block">{code}</span>;
}

function Cell({ name, row, value, absent }: { name: string; row: EffectiveRow; value: string | undefined; absent: string }) {
  const t = useTranslations('config.effective');
  return (
    <Td className="md:w-[24%]">
      <span className="mr-2 text-xs text-ink-3 md:hidden" aria-hidden="true">{name}</span>
      {row.secret ? <span className="text-sm text-ink-3">{t('secret')}</span> : value === undefined ? <span className="text-sm text-ink-3">{absent}</span> : value === '' ? <span className="text-sm text-ink-3">{t('empty')}</span> : <code className="text-sm break-all">{value}</code>}
    </Td>
  );
}
