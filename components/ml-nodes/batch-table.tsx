'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { ProblemLines } from '../config/problem-lines.tsx';
import { Checkbox } from '../ui/field.tsx';
import type { BatchRow } from './batch-rows.ts';

/** Each row as it would be sent, with what is wrong below it. */
export function BatchTable({ rows, busy, onOut }: { rows: readonly BatchRow[]; busy: boolean; onOut: (at: number, out: boolean) => void }) {
  const t = useTranslations('mlNodes.batch');
  return (
    <ol aria-label={t('rows')} className="grid grid-cols-[minmax(0,1fr)] rounded-md border">
      {rows.map(({ at, node, out, problems }) => {
        const name = node.id.trim() || t('row', { number: at + 1 });
        return (
          <li key={`row ${at + 1}`} className="grid grid-cols-[minmax(0,1fr)] gap-1.5 border-t px-3.5 py-2.5 first:border-t-0">
            <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
              <div className={clsx('min-w-0 flex-1 basis-56 text-base', out && 'text-ink-3 line-through')}>
                <b className="break-all">{name}</b>{' '}
                <span className="num break-all text-ink-2">{node.baseUrl ?? `${node.host || '–'} · ${node.inferencePort} · ${node.pocPort}`}</span>
                {node.models.map((model) => <span key={model.id} className="block text-sm break-all text-ink-2">{model.id || '–'} {model.args.length > 0 && <code className="text-xs">{model.args.join(' ')}</code>}</span>)}
              </div>
              <Checkbox label={t('leaveOut')} aria-label={t('leaveOutRow', { node: name })} checked={out} disabled={busy} onChange={(event) => onOut(at, event.target.checked)} />
            </div>
            {!out && <ProblemLines problems={problems} />}
          </li>
        );
      })}
    </ol>
  );
}
