'use client';
import { useTranslations } from 'next-intl';
import { argumentRows } from '../models/argument-rows.ts';
import { FitBars } from '../models/fit-bars.tsx';
import type { NodeProposal, ServerFit } from '../models/models-data.ts';
import { useFitWords } from '../models/use-fit-words.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { StateMark } from '../ui/state.tsx';

/** What would be written, line by line with the reason for each; or why the model doesn't fit there. */
export function ProposalView({ asking, fit, proposal }: { asking: boolean; fit?: ServerFit; proposal?: NodeProposal }) {
  const t = useTranslations('nodeConfig.propose');
  const models = useTranslations('models');
  const shell = useTranslations('shell');
  const words = useFitWords();
  if (asking || !fit) return <Loading label={shell('loading')}><SkeletonRows rows={3} /></Loading>;
  const [verdict, ...others] = fit.reasons;
  const said = verdict ? words.reason(verdict) : '';
  const written = (field: string): string | undefined => {
    const entry = proposal?.entry;
    if (!entry) return undefined;
    return ({ id: entry.id, host: entry.host, inference_port: `${entry.inferencePort}, poc_port ${entry.pocPort}`, max_concurrent: `${entry.maxConcurrent}`, models: entry.models[0]?.id } as Record<string, string | undefined>)[field];
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <FitBars fit={fit} label={said} />
      <ul className="grid gap-1 text-base">
        <li className="num">{said}</li>
        {others.filter(({ level }) => level === 'broken' || level === 'attention').map((one) => <li key={`${one.code} ${JSON.stringify(one.params)}`} className="flex items-start gap-2 text-sm"><StateMark state={one.level === 'broken' ? 'broken' : 'attention'} className="mt-1" /><span className="min-w-0 break-words">{words.reason(one)}</span></li>)}
      </ul>
      {!proposal && <p className="text-base font-medium">{t('noProposal')}</p>}
      {proposal && (
        <dl className="grid gap-x-4 gap-y-2 text-sm sm:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]">
          {proposal.reasons.map((reason) => (
            <div key={reason.field} className="grid gap-x-4 sm:col-span-2 sm:grid-cols-subgrid">
              <dt className="min-w-0"><code className="break-all">{reason.field}{written(reason.field) !== undefined && <b className="text-ink"> {written(reason.field)}</b>}</code></dt>
              <dd className="text-ink-2">{models(`proposal.${reason.code}` as never, reason.params as never)}</dd>
            </div>
          ))}
          {argumentRows(fit.args).map((row) => (
            <div key={row.tokens.join(' ')} className="grid gap-x-4 sm:col-span-2 sm:grid-cols-subgrid">
              <dt className="flex flex-wrap content-start gap-1">{row.tokens.map((token, i) => <code key={`${i + 1} ${token}`} className="rounded-sm bg-sunken px-1.5 break-all">{token}</code>)}</dt>
              <dd className="text-ink-2">{words.argument({ token: '', reason: row.reason })}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
