'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { StateMark, stateSoft } from '../ui/state.tsx';
import type { Need } from './overview-data.ts';
import { useNeedWords } from './use-need-words.ts';

/** What needs the operator, worst first, each with its one action. Nothing to do: nothing to see. */
export function NeedsYou({ needs }: { needs: readonly Need[] }) {
  const t = useTranslations('overview');
  const state = useTranslations('state');
  const words = useNeedWords();
  const any = useTranslations();
  if (!needs.length) return null;
  return (
    <section aria-label={t('needsYou')} className="rounded-lg border bg-surface">
      <ul>
        {needs.map((need, index) => {
          const { title, text } = words(need);
          return (
            <li key={need.id} className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3.5 gap-y-2 border-t px-4 py-3 first:border-t-0 sm:grid-cols-[auto_minmax(0,1fr)_auto] sm:px-4.5">
              <span className={clsx('grid size-6.5 place-items-center self-start rounded-[7px]', stateSoft[need.level])}><StateMark state={need.level} /><span className="sr-only">{state(need.level)}: </span></span>
              <div className="min-w-0 break-words"><p className="font-semibold">{title}</p>{text && <p className="text-base text-ink-2">{text}</p>}</div>
              {need.action && <ButtonLink href={need.action.href} kind={index === 0 ? 'primary' : 'plain'} className="max-sm:col-start-2 max-sm:justify-self-start">{any(need.action.label as never, need.params as never)}</ButtonLink>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
