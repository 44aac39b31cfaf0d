'use client';
/** The form by purpose: what is set, required or wrong in sight, the rest of each group behind a disclosure. */
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { Card, CardBody } from '../ui/card.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Input } from '../ui/field.tsx';
import { StateMark } from '../ui/state.tsx';
import type { ConfigRow } from './config-data.ts';
import { type Edits, isEdited, shownValue } from './edits.ts';
import { type Group, GROUPS, shownGroups, type ShownGroup } from './field-filter.ts';
import { FieldRow, type FieldRowProps } from './field-row.tsx';
import { ProblemLines } from './problem-lines.tsx';
import type { placedProblems } from './problem-places.ts';
import { useFieldWords } from './use-field-words.ts';

type Shared = Pick<FieldRowProps, 'locked' | 'onEdit' | 'onReveal' | 'onLine'> & { edits: Edits; placed: ReturnType<typeof placedProblems> };
type Props = Shared & { rows: readonly ConfigRow[]; group?: Group; onGroup: (group: Group | undefined) => void; /** Variable to go to. */ field?: string };

export function ConfigForm({ rows, group, onGroup, field, ...shared }: Props) {
  const t = useTranslations('config.form');
  const groups = useTranslations('config.groups');
  const words = useFieldWords();
  const [text, setText] = useState('');
  const search = useDeferredValue(text);
  const box = useRef<HTMLInputElement>(null);
  const searchId = useId();
  useSearchKey(box);
  const { edits, placed } = shared;
  const input = { rows, edited: (row: ConfigRow) => isEdited(row, edits) || row.name === field, problem: (row: ConfigRow) => placed.of(row).length > 0, words: (row: ConfigRow) => Object.values(words(row)).join(' ') };
  const shown = shownGroups({ ...input, search, ...(group ? { group } : {}) });
  const worst = (of: Group) => rows.filter((row) => row.group === of).flatMap((row) => placed.of(row)).reduce<'broken' | 'attention' | undefined>((worse, one) => (worse === 'broken' ? worse : one.level), undefined);
  useGoTo(field, rows.length > 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6">
      <div className="grid gap-3">
        <label htmlFor={searchId} className="sr-only">{t('search')}</label>
        <Input id={searchId} ref={box} type="search" value={text} placeholder={t('searchPlaceholder', { count: rows.length })} autoComplete="off" spellCheck={false} className="max-w-md" onChange={(event) => setText(event.target.value)} />
        <section aria-label={t('groups')} className="flex flex-wrap gap-2">
          <Chip pressed={!group} onClick={() => onGroup(undefined)}>{t('allGroups')}</Chip>
          {GROUPS.filter((one) => rows.some((row) => row.group === one)).map((one) => {
            const level = worst(one);
            return <Chip key={one} pressed={group === one} onClick={() => onGroup(group === one ? undefined : one)}>{level && <StateMark state={level} />}{groups(`${one}.title`)}</Chip>;
          })}
        </section>
      </div>
      {placed.rest.length > 0 && !search && <Card title={t('ofFile')}><CardBody><ProblemLines problems={placed.rest} /></CardBody></Card>}
      {shown.length === 0 && <Card><Empty title={t('nothing.title')}>{t('nothing.text')}</Empty></Card>}
      {shown.map((one) => <GroupCard key={one.group} shown={one} {...shared} />)}
    </div>
  );
}

function GroupCard({ shown: { group, rows, rest }, edits, placed, ...handlers }: Shared & { shown: ShownGroup }) {
  const t = useTranslations('config.form');
  const groups = useTranslations('config.groups');
  const [open, setOpen] = useState(false);
  const id = useId();
  const field = (row: ConfigRow) => <FieldRow key={row.name} row={row} value={shownValue(row, edits)} edited={isEdited(row, edits)} problems={placed.of(row)} {...handlers} />;
  return (
    <Card title={groups(`${group}.title`)}>
      <p className="max-w-[100ch] px-4 pt-1 pb-3 text-pretty text-sm text-ink-3 sm:px-4.5">{groups(`${group}.intro`)}</p>
      {rows.length > 0 && <div className="border-t">{rows.map(field)}</div>}
      {rest.length > 0 && (
        <>
          <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)} className="flex w-full items-center gap-2 border-t px-4 py-3 text-left text-base text-ink-2 -outline-offset-2 hover:text-ink sm:px-4.5">
            <ChevronRight aria-hidden="true" className={clsx('size-4 transition-transform', open && 'rotate-90')} />{rows.length > 0 ? t('more', { count: rest.length }) : t('allNotSet', { count: rest.length })}
          </button>
          <div id={id} hidden={!open} className="border-t">{open && rest.map(field)}</div>
        </>
      )}
    </Card>
  );
}

/** `/` goes to the search, as in the logs. */
function useSearchKey(box: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key !== '/' || typing || event.metaKey || event.ctrlKey || event.altKey || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, [box]);
}

/** Brings the variable that the address names into sight, once. */
function useGoTo(field: string | undefined, ready: boolean) {
  useEffect(() => {
    if (!field || !ready) return;
    const place = document.querySelector(`[data-field="${CSS.escape(field)}"]`);
    place?.scrollIntoView({ block: 'center' });
    place?.querySelector<HTMLElement>('input, select')?.focus({ preventScroll: true });
  }, [field, ready]);
}
