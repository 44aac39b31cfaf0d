'use client';
/**
 * `<Table label>` with `<Th>` and `<Td>`: dense, tabular figures, scrolls sideways by itself when it must (and can be reached by keyboard then).
 * Sorting: `const sort = useSort('weight', 'desc')`, `<Th sort={sort} by="weight" right>`, then order rows with `sort.order(rows, keyOf)`.
 * `hide="sm|md"` drops a column below that width.
 */
import clsx from 'clsx';
import { useMemo, useState } from 'react';

export type Sort<K extends string = string> = {
  key: K; direction: 'asc' | 'desc'; toggle: (key: K) => void;
  /** A sorted copy; numbers and bigints by value, text by locale, missing values last either way. */
  order: <R>(rows: readonly R[], keyOf: (row: R, key: K) => string | number | bigint | undefined | null) => R[];
};

export function useSort<K extends string>(initial: K, direction: 'asc' | 'desc' = 'asc'): Sort<K> {
  const [state, set] = useState({ key: initial, direction });
  return useMemo(() => ({
    ...state,
    toggle: (key) => set((old) => ({ key, direction: old.key === key && old.direction === 'desc' ? 'asc' : old.key === key ? 'desc' : 'asc' })),
    order: (rows, keyOf) => {
      const sign = state.direction === 'asc' ? 1 : -1;
      const keyed = rows.map((row, index) => ({ row, index, key: keyOf(row, state.key) }));
      keyed.sort((a, b) => {
        if (a.key == null || b.key == null) return a.key == null && b.key == null ? a.index - b.index : a.key == null ? 1 : -1;
        const by = typeof a.key === 'string' && typeof b.key === 'string' ? collator.compare(a.key, b.key) : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
        return by * sign || a.index - b.index;
      });
      return keyed.map((x) => x.row);
    },
  }), [state]);
}
const collator = new Intl.Collator('en', { numeric: true });

const hidden = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden' };

export function Table({ label, children, className }: { label: string; children: React.ReactNode; className?: string }) {
  return (
    <div className="relative overflow-x-auto">
      <table aria-label={label} className={clsx('w-full border-collapse text-base', className)}>{children}</table>
    </div>
  );
}

type Cell = { right?: boolean; hide?: keyof typeof hidden; className?: string; children?: React.ReactNode };

export function Th<K extends string>({ right, hide, className, children, sort, by, ...rest }: Cell & { sort?: Sort<K>; by?: K } & Omit<React.ComponentProps<'th'>, 'ref'>) {
  const active = sort && by === sort.key;
  return (
    <th scope="col" aria-sort={active ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined} {...rest}
      className={clsx('px-4 py-2 text-sm font-medium whitespace-nowrap text-ink-3 sm:first:pl-4.5 sm:last:pr-4.5', right ? 'text-right' : 'text-left', hide && hidden[hide], className)}>
      {sort && by ? <SortButton sort={sort} by={by} right={right}>{children}</SortButton> : children}
    </th>
  );
}

/** The clickable heading alone, for lists that aren't a <table> (virtualised rows). */
export function SortButton<K extends string>({ sort, by, right, children }: { sort: Sort<K>; by: K; right?: boolean; children: React.ReactNode }) {
  const active = by === sort.key;
  return (
    <button type="button" onClick={() => sort.toggle(by)} className={clsx('-mx-1 inline-flex items-center gap-1 rounded-sm px-1 font-medium hover:text-ink', right && 'flex-row-reverse', active && 'text-ink')}>
      {children}
      <svg viewBox="0 0 8 8" aria-hidden="true" className={clsx('size-2', active ? 'opacity-100' : 'opacity-0')} fill="currentColor">
        <path d={active && sort.direction === 'desc' ? 'M4 7 .8 1.8h6.4Z' : 'M4 1 7.2 6.2H.8Z'} />
      </svg>
    </button>
  );
}

export function Td({ right, hide, className, children, ...rest }: Cell & React.ComponentProps<'td'>) {
  return <td {...rest} className={clsx('border-t px-4 py-2 sm:first:pl-4.5 sm:last:pr-4.5', right && 'text-right whitespace-nowrap', hide && hidden[hide], className)}>{children}</td>;
}
