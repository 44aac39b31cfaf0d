'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useList } from '../ui/use-list.ts';
import type { Row } from './participant-row.ts';

/** One host of the set, whole: on a phone the table has room for its weight only. */
export function ParticipantDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const t = useTranslations('network');
  const list = useList();
  const format = useFormatter();
  const copied: [string, string][] = [[t('account'), row.address], [t('validatorKey'), row.validatorKey], [t('url'), row.url]];
  return (
    <Dialog open onClose={onClose} title={t('rankTitle', { rank: row.rank, weight: format.number(row.weight) })}>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 gap-y-2 text-base">
        {copied.filter(([, value]) => value).map(([name, value]) => (
          <div key={name} className="contents">
            <div className="min-w-0"><dt className="text-sm text-ink-3">{name}</dt><dd className="font-mono text-[0.92em] break-all">{value}</dd></div>
            <CopyButton text={value} />
          </div>
        ))}
      </dl>
      <div className="grid gap-1.5 pb-2">
        <h3 className="text-sm font-semibold text-ink-2">{t('mlNodes')}</h3>
        {row.mlNodes.length === 0 && <p className="text-base text-ink-2">{t('noNodes')}</p>}
        <ul className="grid gap-2 text-base">
          {row.mlNodes.map((node) => (
            <li key={`${node.model} ${node.id}`} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t pt-2 first:border-t-0 first:pt-0">
              <b className="break-words">{node.id || '–'}</b><span className="num">{t('pocWeight', { weight: format.number(node.pocWeight) })}</span>
              <span className="col-span-2 text-sm break-words text-ink-2">{node.model}</span>
            </li>
          ))}
        </ul>
        {row.models.length > 0 && row.mlNodes.length === 0 && <p className="text-sm break-words text-ink-2">{list(row.models)}</p>}
      </div>
    </Dialog>
  );
}
