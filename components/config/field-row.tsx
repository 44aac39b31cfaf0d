'use client';
/** One variable of the form: what it is, whether it is set, its value, what is wrong with it, who reads it and when a change is felt. */
import { Trash2, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useId } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { ConfigRow } from './config-data.ts';
import { FieldControl } from './field-control.tsx';
import { ProblemLines } from './problem-lines.tsx';
import type { PlacedProblem } from './problem-places.ts';
import { useFieldWords } from './use-field-words.ts';

export type FieldRowProps = {
  row: ConfigRow;
  /** What the control shows; see shownValue. */
  value: string | undefined;
  edited: boolean;
  problems: readonly PlacedProblem[];
  /** The file can't be written, or something else is being done with it. */
  locked: boolean;
  /** undefined takes the edit back. */
  onEdit: (row: ConfigRow, value: string | null | undefined) => void;
  onReveal: (row: ConfigRow) => void;
  onLine: (line: number) => void;
};

export const FieldRow = memo(function FieldRow({ row, value, edited, problems, locked, onEdit, onReveal, onLine }: FieldRowProps) {
  const t = useTranslations('config.form');
  const readOnly = useTranslations('config.readOnly');
  const id = useId();
  const { label, help } = useFieldWords()(row);
  const taken = edited && value === undefined;
  const described = [problems.length > 0 && `${id}-p`, row.readOnly && `${id}-r`, taken && `${id}-t`, help && `${id}-h`, `${id}-m`].filter(Boolean).join(' ');
  const broken = problems.some((one) => one.level === 'broken');
  const wiring = { id, 'aria-describedby': described, ...(broken ? { 'aria-invalid': true as const } : {}), ...(row.required ? { 'aria-required': true as const } : {}) };
  const canTakeOut = row.line !== undefined && !row.required && !row.readOnly && !locked;
  return (
    <div data-field={row.name} className="grid grid-cols-[minmax(0,1fr)] gap-x-8 [&_:is(button,input,select)]:scroll-mb-36 gap-y-2 border-t px-4 py-4 first:border-t-0 sm:px-4.5 lg:grid-cols-[minmax(0,15rem)_minmax(0,1fr)]">
      <div className="grid content-start gap-1">
        <label htmlFor={id} className="text-base font-semibold">{label}</label>
        {row.known && <code className="text-xs break-all text-ink-3">{row.name}</code>}
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <SetState row={row} />
          {edited && <Tag className="bg-work-soft text-work">{taken ? t('takenOut') : t('edited')}</Tag>}
        </span>
      </div>
      <div className="grid min-w-0 content-start gap-2">
        <div className="flex items-center gap-1.5">
          <FieldControl row={row} value={value} edited={edited} disabled={locked || row.readOnly !== undefined} wiring={wiring} onEdit={(next) => onEdit(row, next)} />
          {row.secret && row.set && !edited && <Button className="min-h-10 flex-none" aria-label={t('revealOf', { name: row.name })} onClick={() => onReveal(row)}>{t('reveal')}</Button>}
          {edited ? !locked && <IconButton className="size-10" label={t('undo', { name: row.name })} onClick={() => onEdit(row, undefined)}><Undo2 /></IconButton>
            : canTakeOut && <IconButton className="size-10" label={t('takeOut', { name: row.name })} onClick={() => onEdit(row, null)}><Trash2 /></IconButton>}
        </div>
        <ProblemLines id={`${id}-p`} problems={problems} />
        {row.readOnly && (
          <p id={`${id}-r`} className="text-sm text-ink-2">
            {t('readOnly')} {readOnly.has(row.readOnly as never) ? readOnly(row.readOnly as never) : row.readOnly}{' '}
            {row.line !== undefined && <button type="button" className="link" onClick={() => onLine(row.line as number)}>{t('toLine', { line: row.line })}</button>}
          </p>
        )}
        {taken && <p id={`${id}-t`} className="text-sm text-ink-2">{row.fallback ? t('takenOutFallback', { fallback: row.fallback }) : t('takenOutText')}</p>}
        {help && <p id={`${id}-h`} className="max-w-[75ch] text-sm text-ink-2">{help}</p>}
        <Meta row={row} id={`${id}-m`} />
      </div>
    </div>
  );
});

function SetState({ row }: { row: ConfigRow }) {
  const t = useTranslations('config.form');
  if (row.set && row.exported) return <State state="ok">{t('set')}</State>;
  if (row.set) return <State state="attention">{t('notExported')}</State>;
  if (row.required) return <State state="broken">{t('required')}</State>;
  return <span className="text-sm text-ink-3">{t('notSet')}</span>;
}

/** When a change is felt, who reads it, what stands in for it, where the rule is written. */
function Meta({ row, id }: { row: ConfigRow; id: string }) {
  const t = useTranslations('config.form');
  const list = useList();
  const effect = useTranslations('config.takesEffect');
  const sources = useTranslations('config.sources');
  return (
    <p id={id} className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-ink-3">
      <span>{t('takesEffect')} <span className="text-ink-2">{effect(row.takesEffect)}</span></span>
      {row.services.length > 0 && <span>{t('readBy')} <span className="text-ink-2">{list(row.services)}</span></span>}
      {row.fallback !== undefined && <span className="break-all">{t('fallback')} <code className="text-ink-2">{row.fallback}</code></span>}
      <span>{t('source')} <span className="text-ink-2">{sources.has(row.source as never) ? sources(row.source as never) : row.source}{row.line !== undefined && `, ${t('line', { line: row.line })}`}</span></span>
    </p>
  );
}
