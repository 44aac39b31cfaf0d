'use client';
import { useTranslations } from 'next-intl';
import { StateMark } from '../ui/state.tsx';
import { argumentRows } from './argument-rows.ts';
import { FitBars } from './fit-bars.tsx';
import type { FitReason, ServerFit } from './models-data.ts';
import { isRam } from './ram-reasons.ts';
import { useFitWords } from './use-fit-words.ts';

/** The verdict comes first; these say how, and stand behind "details" until something is to be done. */
const LOUD: readonly FitReason['level'][] = ['broken', 'attention'];

/** One model on one server: the picture, the verdict in words, what needs attention; how it is split and with which arguments on demand. */
export function ServerFitView({ fit, named, many }: { fit: ServerFit; /** The guide only names this class. */ named: boolean; many: boolean }) {
  const t = useTranslations('models');
  const words = useFitWords();
  const [verdict, ...all] = fit.reasons;
  const others = all.filter((one) => !isRam(one));
  const loud = others.filter(({ level }) => LOUD.includes(level));
  const quiet = others.filter(({ level }) => !LOUD.includes(level));
  const said = verdict ? words.reason(verdict) : '';
  const rows = argumentRows(fit.args);
  return (
    <div className="grid min-w-0 gap-2">
      {many && <h4 className="text-base font-medium break-all">{fit.server}</h4>}
      {fit.cards.length > 0 && <FitBars fit={fit} label={`${fit.server}: ${said}`} />}
      <p className="num text-base">{said}</p>
      {fit.fits && (
        <p className="num flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-ink-2">
          <span>{t('plan.split', { tensor: fit.tensorParallel, pipeline: fit.pipelineParallel })}</span>
          <span>{t('plan.instances', { count: fit.instances })}</span>
          <span>{fit.idleGpus > 0 ? t('plan.idle', { count: fit.idleGpus }) : t('plan.noIdle')}</span>
        </p>
      )}
      {loud.length > 0 && (
        <ul className="grid gap-1 text-sm">
          {loud.map((one) => <li key={`${one.code} ${JSON.stringify(one.params)}`} className="flex items-start gap-2"><StateMark state={one.level === 'broken' ? 'broken' : 'attention'} className="mt-1" /><span className="min-w-0 break-words">{words.reason(one)}</span></li>)}
        </ul>
      )}
      {(quiet.length > 0 || rows.length > 0) && (
        <details className="text-sm">
          <summary className="w-fit rounded-sm text-ink-2 hover:text-ink">{fit.fits && !named ? t('how') : t('more')}</summary>
          <div className="grid gap-3 pt-2">
            <ul className="num grid list-disc gap-1 pl-5 text-ink-2 marker:text-ink-3">{quiet.map((one) => <li key={`${one.code} ${JSON.stringify(one.params)}`} className="break-words">{words.reason(one)}</li>)}</ul>
            {rows.length > 0 && (
              <dl className="grid gap-x-4 gap-y-1.5 md:grid-cols-[minmax(0,20rem)_minmax(0,1fr)]">
                {rows.map((row) => (
                  <div key={row.tokens.join(' ')} className="grid gap-x-4 md:col-span-2 md:grid-cols-subgrid">
                    <dt className="flex flex-wrap gap-1">{row.tokens.map((token, i) => <code key={`${i + 1} ${token}`} className="rounded-sm bg-sunken px-1.5 break-all text-ink">{token}</code>)}</dt>
                    <dd className="text-ink-2">{words.argument({ token: '', reason: row.reason })}</dd>
                  </div>
                ))}
              </dl>
            )}
            {fit.fits && !named && rows.length === 0 && <p className="text-ink-2">{t('noArguments')}</p>}
          </div>
        </details>
      )}
    </div>
  );
}
