'use client';
/** The file was changed by somebody else while it was edited here: three ways, and nothing is decided by itself. */
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useList } from '../ui/use-list.ts';
import { DiffView } from './diff-view.tsx';
import type { Edits } from './edits.ts';
import { diffLines } from './line-diff.ts';
import { type Collision, compareEdits, resolved, type Row, type Side } from './three-way.ts';
import { useFieldWords } from './use-field-words.ts';

/** A file that the panel edits, as a version of it shows it. */
type Version = { rows: readonly Row[]; text?: string; changedAt?: number };
type Props = { opened: Version; now: Version; edits: Edits; onReplace: (edits: Edits, draft?: string) => void; onDiscard: () => void };

export function ConflictView({ opened, now, edits, onReplace, onDiscard }: Props) {
  const t = useTranslations('config.conflict');
  return (
    <>
      <Notice state="attention" live title={t('title')}>
        <p>{t('text')} {now.changedAt !== undefined && <TimeAgo at={now.changedAt} />}</p>
      </Notice>
      {edits.by === 'values'
        ? <ByValues opened={opened} now={now} values={edits.values} onReplace={onReplace} onDiscard={onDiscard} />
        : <ByText opened={opened} now={now} text={edits.text} onReplace={onReplace} onDiscard={onDiscard} />}
    </>
  );
}

type Shared = Pick<Props, 'opened' | 'now' | 'onReplace' | 'onDiscard'>;

function ByValues({ opened, now, values, onReplace, onDiscard }: Shared & { values: Record<string, string | null> }) {
  const t = useTranslations('config.conflict');
  const list = useList();
  const compared = useMemo(() => compareEdits(opened.rows, now.rows, values), [opened, now, values]);
  const [choices, setChoices] = useState<Record<string, 'yours' | 'file'>>({});
  const { collisions, theirs, already } = compared;
  const open = collisions.filter(({ name }) => !choices[name]).length;
  const untouched = Object.keys(compared.untouched);
  return (
    <Card title={collisions.length > 0 ? t('collisions', { count: collisions.length }) : t('noCollisions')}>
      {collisions.length > 0 && <div className="mt-3 border-t">{collisions.map((one) => <Choice key={one.name} one={one} choice={choices[one.name]} onChoice={(choice) => setChoices((old) => ({ ...old, [one.name]: choice }))} />)}</div>}
      <CardBody className="grid gap-2 border-t text-base text-ink-2 first-of-type:mt-3">
        {collisions.some(({ secret }) => secret) && <p>{t('secretAsked')}</p>}
        {theirs.length > 0 && <p className="break-words">{t('theirs', { names: list(theirs) })}</p>}
        {untouched.length > 0 && <p className="break-words">{t('untouched', { names: list(untouched) })}</p>}
        {already.length > 0 && <p className="break-words">{t('already', { names: list(already) })}</p>}
        {theirs.length + collisions.length === 0 && <p>{t('onlyLines')}</p>}
        <div className="mt-1 flex flex-wrap items-center gap-2">
          <Button kind="primary" disabled={open > 0} onClick={() => onReplace({ by: 'values', values: resolved(compared, choices) })}>{t('goOn')}</Button>
          <Button kind="danger" onClick={onDiscard}>{t('discard')}</Button>
          {open > 0 && <span className="text-sm text-ink-3">{t('open', { count: open })}</span>}
        </div>
      </CardBody>
    </Card>
  );
}

function Choice({ one, choice, onChoice }: { one: Collision; choice: 'yours' | 'file' | undefined; onChoice: (choice: 'yours' | 'file') => void }) {
  const t = useTranslations('config.conflict');
  const { label } = useFieldWords()(one);
  const side = ({ set, value }: Side) => (value !== undefined ? <code className="break-all">{value === '' ? t('empty') : value}</code> : <span>{one.secret && set ? t('secretSet') : t('notSet')}</span>);
  const option = (which: 'yours' | 'file', title: string, content: React.ReactNode) => (
    <label className="flex cursor-pointer items-start gap-2.5 rounded-md border border-line-strong px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft">
      <input type="radio" name={`conflict-${one.name}`} checked={choice === which} onChange={() => onChoice(which)} className="mt-1 size-4 flex-none accent-accent" />
      <span className="grid min-w-0 gap-0.5"><span className="text-sm text-ink-2">{title}</span><span className="text-base">{content}</span></span>
    </label>
  );
  return (
    <fieldset className="border-t px-4 py-4 first:border-t-0 sm:px-4.5">
      <legend className="float-left w-full pb-2"><b>{label}</b>{label !== one.name && <code className="ml-2 text-xs text-ink-3">{one.name}</code>}</legend>
      <div className="clear-both grid grid-cols-[minmax(0,1fr)] gap-3 md:grid-cols-3">
        <div className="grid content-start gap-0.5 rounded-md bg-sunken px-3 py-2.5"><span className="text-sm text-ink-2">{t('opened')}</span><span className="text-base">{side(one.opened)}</span></div>
        {option('file', t('file'), side(one.file))}
        {option('yours', t('yours'), one.yours === null ? t('takenOut') : one.secret ? t('newSecret') : <code className="break-all">{one.yours === '' ? t('empty') : one.yours}</code>)}
      </div>
    </fieldset>
  );
}

function ByText({ opened, now, text, onReplace, onDiscard }: Shared & { text: string }) {
  const t = useTranslations('config.conflict');
  const theirs = useMemo(() => diffLines(opened.text ?? '', now.text ?? ''), [opened, now]);
  const yours = useMemo(() => diffLines(opened.text ?? '', text), [opened, text]);
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-2">
        <Card title={t('theirDiff')}><CardBody><DiffView diff={theirs} label={t('theirDiff')} /></CardBody></Card>
        <Card title={t('yourDiff')}><CardBody><DiffView diff={yours} label={t('yourDiff')} /></CardBody></Card>
      </div>
      <p className="max-w-[80ch] text-base text-ink-2">{t('textHelp')}</p>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" onClick={() => onReplace({ by: 'values', values: {} }, text)}>{t('keepDraft')}</Button>
        <Button kind="danger" onClick={onDiscard}>{t('takeFile')}</Button>
      </div>
    </>
  );
}
