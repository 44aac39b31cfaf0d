'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { useFormatter, useTranslations } from 'next-intl';
import { memo, useImperativeHandle, useRef } from 'react';
import { Address } from '../ui/address.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Th, type Sort } from '../ui/table.tsx';
import type { Row, SortKey } from './participants-card.tsx';

export type TableHandle = { show: (index: number) => void };
const ROW = 49;

type Props = { rows: readonly Row[]; sort: Sort<SortKey>; mine?: Row; total: number; ref?: React.Ref<TableHandle> };

/**
 * A real table of which only the rows in sight exist; empty rows of the right height stand for the rest.
 * Our own row stays pinned under the heading.
 */
export function ParticipantTable({ rows, sort, mine, total, ref }: Props) {
  const t = useTranslations('network');
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12, scrollPaddingStart: mine ? 2 * ROW : ROW });
  useImperativeHandle(ref, () => ({ show: (index) => virtual.scrollToIndex(index, { align: 'center' }) }));
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={box} role="region" aria-label={t('participants')} tabIndex={0} className="relative max-h-[min(72dvh,760px)] overflow-auto overscroll-contain border-t">
      <table aria-label={t('participants')} aria-rowcount={rows.length + 1} className="w-full table-fixed border-separate border-spacing-0 text-base">
        <thead className="[&_th]:sticky [&_th]:top-0 [&_th]:z-20 [&_th]:border-b [&_th]:bg-surface">
          <tr aria-rowindex={1}>
            <Th sort={sort} by="rank" right className="w-16" hide="sm">{t('rankColumn')}</Th>
            <Th sort={sort} by="address" className="sm:w-64">{t('host')}</Th>
            <Th sort={sort} by="weight" right className="w-28 sm:w-38">{t('weight')}</Th>
            <Th sort={sort} by="nodes" right className="w-27 max-[420px]:hidden">{t('mlNodes')}</Th>
            <Th sort={sort} by="models" hide="lg">{t('models')}</Th>
            <Th sort={sort} by="url" className="w-[22%]" hide="md">{t('url')}</Th>
          </tr>
        </thead>
        <tbody>
          {mine && <ParticipantRow row={mine} total={total} own pinned />}
          {before > 0 && <Gap height={before} />}
          {items.map((item) => {
            const row = rows[item.index];
            return row && <ParticipantRow key={row.address} row={row} total={total} own={row.address === mine?.address} index={item.index + 2} />;
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that aren't drawn; an attribute, because our CSP refuses style attributes. */
function Gap({ height }: { height: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row
  return <tr aria-hidden="true"><td height={height} className="p-0" /></tr>;
}

const cell = 'h-[49px] border-b px-4 sm:first:pl-4.5 sm:last:pr-4.5';

const ParticipantRow = memo(function ParticipantRow({ row, total, own, pinned, index }: { row: Row; total: number; own?: boolean; pinned?: boolean; index?: number }) {
  const t = useTranslations('network');
  const format = useFormatter();
  return (
    <tr aria-rowindex={index} data-own={own || undefined} data-pinned={pinned || undefined}
      className={clsx(own && '[&>td]:bg-accent-soft', pinned && '[&>td]:sticky [&>td]:top-[36px] [&>td]:z-10 [&>td]:border-line-strong')}>
      <td className={clsx(cell, 'text-right text-ink-3 max-sm:hidden')}>{format.number(row.rank)}</td>
      <td className={clsx(cell, 'overflow-hidden whitespace-nowrap')}>
        <Address value={row.address} />{own && <span className="ml-2 text-sm font-semibold text-accent">{t('you')}</span>}
      </td>
      <td className={clsx(cell, 'text-right whitespace-nowrap')}>
        <b>{format.number(row.weight)}</b> <span className="text-sm text-ink-2 max-sm:hidden">{total > 0 ? format.number(row.weight / total, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }) : ''}</span>
      </td>
      <td className={clsx(cell, 'text-right max-[420px]:hidden')}>
        {row.mlNodes.length ? (
          <Evidence note={<NodeList row={row} />} source={undefined}>{format.number(row.mlNodes.length)}</Evidence>
        ) : '–'}
      </td>
      <td className={clsx(cell, 'truncate max-lg:hidden')} title={row.models.join('\n')}>{row.models.join(', ') || '–'}</td>
      <td className={clsx(cell, 'truncate text-ink-2 max-md:hidden')} title={row.url}>{row.url.replace(/^https?:\/\//, '') || '–'}</td>
    </tr>
  );
});

function NodeList({ row }: { row: Row }) {
  const t = useTranslations('network');
  const format = useFormatter();
  return (
    <ul className="grid gap-2">
      {row.mlNodes.map((node) => (
        <li key={`${node.model} ${node.id}`} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4">
          <b className="break-words">{node.id}</b><span className="num">{t('pocWeight', { weight: format.number(node.pocWeight) })}</span>
          <span className="col-span-2 text-sm break-words text-ink-2">{node.model}</span>
        </li>
      ))}
    </ul>
  );
}
