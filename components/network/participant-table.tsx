'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { useLocale, useTranslations } from 'next-intl';
import { memo, useImperativeHandle, useMemo, useRef } from 'react';
import { shortAddress } from '../ui/address.tsx';
import { joinedList } from '../ui/joined-list.ts';
import { Th, type Sort } from '../ui/table.tsx';
import type { Row, SortKey } from './participant-row.ts';

export type TableHandle = { show: (index: number) => void };
const ROW = 49;

type Props = { rows: readonly Row[]; sort: Sort<SortKey>; mine?: Row; total: number; onOpen: (row: Row) => void; ref?: React.Ref<TableHandle> };

/**
 * A real table of which only the rows in sight exist; empty rows of the right height stand for the rest.
 * Our own row stays pinned under the heading.
 */
export function ParticipantTable({ rows, sort, mine, total, onOpen, ref }: Props) {
  const t = useTranslations('network');
  const locale = useLocale();
  const say = useMemo(() => {
    const number = new Intl.NumberFormat(locale);
    const percent = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 });
    return (row: Row) => ({ rank: number.format(row.rank), weight: number.format(row.weight), share: total > 0 ? percent.format(row.weight / total) : '', models: joinedList(locale, row.models) });
  }, [locale, total]);
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
          {mine && <ParticipantRow row={mine} {...say(mine)} you={t('you')} pinned onOpen={onOpen} />}
          {before > 0 && <Gap height={before} />}
          {items.map((item) => {
            const row = rows[item.index];
            return row && <ParticipantRow key={row.address} row={row} {...say(row)} you={row.address === mine?.address ? t('you') : undefined} index={item.index + 2} onOpen={onOpen} />;
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

type RowProps = { row: Row; share: string; weight: string; rank: string; models: string; you?: string; pinned?: boolean; index?: number; onOpen: (row: Row) => void };

/** Without hooks and popovers of its own: while scrolling, dozens of these come and go in every frame. */
const ParticipantRow = memo(function ParticipantRow({ row, share, weight, rank, models, you, pinned, index, onOpen }: RowProps) {
  return (
    <tr aria-rowindex={index} data-own={you ? true : undefined} data-pinned={pinned || undefined}
      className={clsx(you && '[&>td]:bg-accent-soft', pinned && '[&>td]:sticky [&>td]:top-[36px] [&>td]:z-10 [&>td]:border-line-strong')}>
      <td className={clsx(cell, 'text-right text-ink-3 max-sm:hidden')}>{rank}</td>
      <td className={clsx(cell, 'overflow-hidden whitespace-nowrap')}>
        <button type="button" title={row.address} onClick={() => onOpen(row)} className="rounded-sm font-mono text-[0.92em] decoration-dotted underline-offset-4 hover:underline">{shortAddress(row.address)}</button>
        {you && <span className="ml-2 text-sm font-semibold text-accent">{you}</span>}
      </td>
      <td className={clsx(cell, 'text-right whitespace-nowrap')}><b>{weight}</b> <span className="text-sm text-ink-2 max-sm:hidden">{share}</span></td>
      <td className={clsx(cell, 'text-right max-[420px]:hidden')}>{row.mlNodes.length || '–'}</td>
      <td className={clsx(cell, 'truncate max-lg:hidden')} title={row.models.join('\n')}>{models || '–'}</td>
      <td className={clsx(cell, 'truncate text-ink-2 max-md:hidden')} title={row.url}>{row.url.replace(/^https?:\/\//, '') || '–'}</td>
    </tr>
  );
});
