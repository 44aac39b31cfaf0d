'use client';
/** `<DiffView diff label />`: changed lines by sign, colour and word; equal ones far from a change are folded. */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { DiffLine } from './config-data.ts';
import { type DiffPart, foldedDiff } from './line-diff.ts';

export function DiffView({ diff, label }: { diff: readonly DiffLine[]; label: string }) {
  const t = useTranslations('config.diff');
  const parts = useMemo(() => foldedDiff(diff), [diff]);
  if (diff.every((line) => line.kind === 'same')) return <p className="text-base text-ink-2">{t('none')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box is reached by keyboard
    <section aria-label={label} tabIndex={0} className="max-h-[50dvh] overflow-auto rounded-md border bg-sunken">
      <ol className="w-max min-w-full py-1 font-mono text-[0.8rem] leading-relaxed">
        {parts.map((part, i) => <Part key={i} part={part} />)}
      </ol>
    </section>
  );
}

function Part({ part }: { part: DiffPart }) {
  const t = useTranslations('config.diff');
  const [open, setOpen] = useState(false);
  if (part.kind === 'fold' && !open) {
    return <li><button type="button" onClick={() => setOpen(true)} className="sticky left-0 px-3 py-0.5 font-sans text-sm text-ink-3 -outline-offset-2 hover:text-ink">{t('fold', { count: part.lines.length })}</button></li>;
  }
  return part.lines.map((line) => <Line key={`${line.kind}${line.line}`} line={line} />);
}

const looks = { same: 'text-ink-3', removed: 'bg-bad-soft text-ink', added: 'bg-ok-soft text-ink' };
const signs = { same: ' ', removed: '−', added: '+' };

function Line({ line: { kind, line, text } }: { line: DiffLine }) {
  const t = useTranslations('config.diff');
  return (
    <li className={clsx('flex whitespace-pre', looks[kind])}>
      <span className="w-10 flex-none pr-2 text-right text-ink-3 select-none" aria-hidden="true">{line}</span>
      <span className={clsx('w-4 flex-none font-semibold select-none', kind === 'removed' && 'text-bad', kind === 'added' && 'text-ok')} aria-hidden="true">{signs[kind]}</span>
      {kind !== 'same' && <span className="sr-only">{t(kind, { line })}: </span>}
      <span className="pr-3">{text || ' '}</span>
    </li>
  );
}
