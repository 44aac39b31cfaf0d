'use client';
import { LocateFixed } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { controlClass } from '../ui/field.tsx';
import { State } from '../ui/state.tsx';
import { useSort } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { NetworkNow } from './network-data.ts';
import { ParticipantDialog } from './participant-dialog.tsx';
import type { Row, SortKey } from './participant-row.ts';
import { ParticipantTable, type TableHandle } from './participant-table.tsx';
import { SourceName } from '../ui/source-name.tsx';

const keyOf = (row: Row, key: SortKey) => {
  if (key === 'nodes') return row.mlNodes.length;
  if (key === 'models') return row.models.join(', ') || null;
  if (key === 'url') return row.url || null;
  return row[key];
};

export function ParticipantsCard({ reading, own }: { reading: NetworkNow['participants']; own?: string }) {
  const t = useTranslations('network');
  const format = useFormatter();
  const table = useRef<TableHandle>(null);
  const sort = useSort<SortKey>('weight', 'desc');
  const [text, setText] = useState('');
  const [model, setModel] = useState('');
  const [opened, setOpened] = useState<Row | null>(null);
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const set = reading.value;
  const rows = useMemo((): Row[] => {
    const byWeight = (set?.list ?? []).toSorted((a, b) => b.weight - a.weight);
    let rank = 0;
    return byWeight.map((p, index) => {
      if (p.weight !== byWeight[index - 1]?.weight) rank = index + 1; // equal weights share a rank
      return { ...p, rank, words: `${p.address} ${p.url} ${p.models.join(' ')}`.toLowerCase() };
    });
  }, [set]);
  const models = useMemo(() => [...new Set(rows.flatMap((row) => row.models))].sort(), [rows]);
  const shown = useMemo(() => sort.order(rows.filter((row) => (!wanted || row.words.includes(wanted)) && (!model || row.models.includes(model))), keyOf), [rows, sort, wanted, model]);
  const mine = rows.find((row) => row.address === own);
  const mineAt = mine ? shown.indexOf(mine) : -1;

  return (
    <Card title={set ? t('participantsOf', { epoch: set.epoch }) : t('participants')} source={reading.at !== undefined && <>{reading.source && <SourceName source={reading.source} />} · <TimeAgo at={reading.at} /></>}>
      {reading.state !== 'ok' && (reading.error || !set) && <CardBody>{reading.error ? <ErrorNotice error={reading.error} state="unknown" /> : <State state="unknown">{t('setUnknown')}</State>}</CardBody>}
      {set?.pocFailed && <CardBody><State state="attention">{t('pocFailed')}</State></CardBody>}
      {set && set.unread > 0 && <CardBody><State state="unknown">{t('unread', { count: set.unread })}</State></CardBody>}
      {set && set.list.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-2 px-4 py-3 sm:px-4.5">
            <input type="search" value={text} onChange={(event) => setText(event.target.value)} aria-label={t('filter')} placeholder={t('filter')} className={`${controlClass} h-9 sm:w-64!`} />
            {models.length > 1 && (
              <select value={model} onChange={(event) => setModel(event.target.value)} aria-label={t('model')} className={`${controlClass} h-9 sm:w-auto! sm:max-w-64`}>
                <option value="">{t('allModels')}</option>
                {models.map((each) => <option key={each}>{each}</option>)}
              </select>
            )}
            {mine && <Button onClick={() => table.current?.show(mineAt)} disabled={mineAt < 0}><LocateFixed aria-hidden="true" />{t('findMine')}</Button>}
            <span role="status" className="num ml-auto text-sm text-ink-3">{t('shown', { shown: format.number(shown.length), all: format.number(rows.length) })}</span>
          </div>
          {shown.length > 0 ? <ParticipantTable ref={table} rows={shown} sort={sort} mine={mine} total={set.totalWeight} onOpen={setOpened} /> : <Empty title={t('nothingFound')} action={<Button onClick={() => { setText(''); setModel(''); }}>{t('clearFilter')}</Button>} />}
        </>
      )}
      {opened && <ParticipantDialog row={opened} onClose={() => setOpened(null)} />}
      {set && set.list.length === 0 && !set.pocFailed && <Empty title={t('nobody')} />}
    </Card>
  );
}
