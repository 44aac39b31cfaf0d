'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { StateMark } from '../ui/state.tsx';
import type { RibbonWords } from './ribbon-words.ts';
import type { Stretch } from './ribbon-layout.ts';

/** What happens in a stretch and what must not be done in it. */
export function Explained({ id, stretch, words, here, confirmation, className }: { id?: string; stretch: Stretch; words: RibbonWords; here: boolean; confirmation: boolean; className?: string }) {
  const t = useTranslations('epoch');
  const { what, dont } = words.explain(stretch);
  const poc = stretch.kind !== 'serve';
  return (
    <div id={id} className={clsx('grid gap-0.5 text-sm', className)}>
      <p><b>{here ? words.here(words.name(stretch)) : t('inIt', { stretch: words.name(stretch) })}</b> <span className="text-ink-2">{what}</span></p>
      {here && confirmation && <p className="flex items-start gap-1.5"><StateMark state="attention" className="mt-1" /><span>{t('confirmation')}</span></p>}
      {dont && <p className="flex items-start gap-1.5 text-ink-2">{poc && <StateMark state="attention" className="mt-1" />}<span>{dont}</span></p>}
    </div>
  );
}
