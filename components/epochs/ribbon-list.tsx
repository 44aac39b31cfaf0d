'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { RibbonWords } from './ribbon-words.ts';
import { Explained } from './explained.tsx';
import type { Mark, Stretch, StretchKind } from './ribbon-layout.ts';

const fills: Record<StretchKind, string> = { serve: 'bg-ep-serve', gen: 'bg-ep-gen', gap: 'bg-ep-gap', val: 'bg-ep-val', set: 'bg-ep-set' };

type Props = { list: readonly Stretch[]; height: number; words: RibbonWords; startEstimated: boolean; marks: readonly Mark[]; confirmation: boolean };

/** The ribbon for a thumb: one row a stretch, "now" among them, a tap explains. */
export function RibbonList({ list, height, words, startEstimated, marks, confirmation }: Props) {
  const t = useTranslations('epoch');
  const here = list.find((s) => height < s.to) ?? list.at(-1);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <ol className="grid text-base" aria-label={t('ribbon')}>
      {list.map((s) => (
        <li key={s.id}>
          <button type="button" aria-expanded={open === s.id} onClick={() => setOpen(open === s.id ? null : s.id)} className="grid w-full grid-cols-[10px_minmax(0,1fr)_auto] items-center gap-3 rounded-sm py-1.5 text-left max-sm:min-h-11">
            <span aria-hidden="true" className={clsx('h-full min-h-6 rounded-[3px]', fills[s.kind], height < s.from && 'opacity-75')} />
            <span>{s.kind === 'gen' ? t('pocWarn') : words.name(s)}</span>
            <span className="num text-right text-ink-3">{s.id === 'serve' ? t('since', { at: words.time(s.from) ?? `${startEstimated ? '≈ ' : ''}${words.block(s.from)}` }) : words.time(s.from) ?? words.block(s.from)}</span>
          </button>
          {open === s.id && <Explained stretch={s} words={words} here={s.id === here?.id} confirmation={confirmation} className="pb-2 pl-5.5" />}
          {s.id === here?.id && (
            <div className="grid grid-cols-[10px_minmax(0,1fr)_auto] items-center gap-3 py-1.5 font-semibold">
              <span aria-hidden="true" className="h-full min-h-6 rounded-[3px] bg-ink" />
              <span>{words.now}</span><span className="num text-right">{words.block(height)}</span>
            </div>
          )}
          {marks.filter((mark) => mark.block >= s.from && mark.block < s.to).map((mark) => (
            <div key={mark.label} className="grid grid-cols-[10px_minmax(0,1fr)_auto] items-center gap-3 py-1.5"><span aria-hidden="true" className="text-xs text-accent">▲</span><span>{mark.label}</span><span className="num text-ink-3">{words.time(mark.block) ?? words.block(mark.block)}</span></div>
          ))}
        </li>
      ))}
    </ol>
  );
}
