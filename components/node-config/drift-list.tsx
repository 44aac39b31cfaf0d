'use client';
import { useTranslations } from 'next-intl';
import { Card } from '../ui/card.tsx';
import { State } from '../ui/state.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { DRIFT_LEVEL } from './drift-level.ts';
import type { NodeDrift } from './node-config-data.ts';

type Side = { known: boolean; source: React.ReactNode };

/** File, the api's own list and governance side by side: only what differs, each difference with what to do. */
export function DriftList({ drift, sides }: { drift: readonly NodeDrift[]; sides: { file: Side; api: Side; governance: Side } }) {
  const t = useTranslations('nodeConfig.drift');
  const words = useTranslations('config.nodeDrift');
  const names = (['file', 'api', 'governance'] as const);
  const value = (row: NodeDrift, side: (typeof names)[number]) => {
    if (row[side] === undefined) return <span className="text-ink-3">{sides[side].known ? t('absent') : t('unknown')}</span>;
    return <code className="break-words">{row[side] === '' ? t('set') : row[side]}</code>;
  };
  const what = (row: NodeDrift) => (
    <div className="grid gap-0.5">
      <State state={DRIFT_LEVEL[row.whatToDo]}>{words(`${row.whatToDo}.what`)}</State>
      <span className="text-sm text-ink-2">{words(`${row.whatToDo}.next`)}</span>
    </div>
  );
  const head = (row: NodeDrift) => (
    <>
      <b className="break-all">{row.node}</b> <code className="block text-sm break-words">{row.field}</code>
      {row.model !== undefined && <span className="block text-sm break-all text-ink-3">{row.model}</span>}
    </>
  );
  return (
    <Card title={t('title')}>
      <dl className="grid gap-x-6 gap-y-1 px-4 pt-2 pb-3 text-sm text-ink-3 sm:px-4.5 md:grid-cols-3">
        {names.map((side) => <div key={side} className="flex min-w-0 flex-wrap gap-x-1.5"><dt className="font-medium text-ink-2">{t(side)}:</dt><dd className="min-w-0 break-words">{sides[side].source}</dd></div>)}
      </dl>
      {drift.length === 0 ? <p className="border-t px-4 py-3 text-base text-ink-2 sm:px-4.5">{sides.api.known && sides.file.known && sides.governance.known ? t('none') : t('noneKnown')}</p> : (
        <>
          <div className="max-lg:hidden">
            <Table label={t('title')}>
              <thead><tr><Th>{t('where')}</Th>{names.map((side) => <Th key={side}>{t(side)}</Th>)}<Th>{t('what')}</Th></tr></thead>
              <tbody>
                {drift.map((row) => (
                  <tr key={`${row.node} ${row.model} ${row.field} ${row.whatToDo}`} className="align-top">
                    <Td className="max-w-56">{head(row)}</Td>
                    {names.map((side) => <Td key={side} className="max-w-52">{value(row, side)}</Td>)}
                    <Td className="min-w-64">{what(row)}</Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
          <ul className="lg:hidden">
            {drift.map((row) => (
              <li key={`${row.node} ${row.model} ${row.field} ${row.whatToDo}`} className="grid gap-2 border-t px-4 py-3 text-base sm:px-4.5">
                <div>{head(row)}</div>
                <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
                  {names.map((side) => <div key={side} className="col-span-2 grid grid-cols-subgrid"><dt className="text-sm text-ink-3">{t(side)}</dt><dd className="min-w-0">{value(row, side)}</dd></div>)}
                </dl>
                {what(row)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
