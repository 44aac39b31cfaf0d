'use client';
/** What a change would do, in the order in which one decides: problems, lines, services, what comes later, the moment, the command. */
import { useTranslations } from 'next-intl';
import { useOperationWords } from '../operations/operation-words.ts';
import { Command } from '../ui/command.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { ConfigPlan, PlannedService } from './config-data.ts';
import { DiffView } from './diff-view.tsx';
import { ProblemLines } from './problem-lines.tsx';

export function PlanView({ plan, gate }: { plan: ConfigPlan; gate: React.ReactNode }) {
  const t = useTranslations('config.review');
  const list = useList();
  const own = useTranslations('operationView');
  const effect = useTranslations('config.takesEffect');
  const words = useOperationWords();
  const { check } = plan;
  const affected = plan.services.filter((one) => one.change !== 'none');
  const untouched = plan.services.filter((one) => one.change === 'none' && one.variables.length > 0);
  const broken = check.problems.some((one) => one.level === 'broken');
  const problems = check.problems.length > 0 && <Part title={t('problems', { count: check.problems.length })}><ProblemLines problems={check.problems} /></Part>;
  return (
    <>
      <Part title={t('lines', { count: check.changed.length, names: list(check.changed) })}>
        <DiffView diff={check.diff} label={t('diff')} />
        {plan.tightens && <p className="text-sm text-ink-2">{t('tightens')}</p>}
      </Part>
      {broken && problems}
      {plan.unknown ? (
        <Part title={t('unknown')}><ErrorNotice error={plan.unknown} state="unknown" /><p className="text-base text-ink-2">{t('unknownText')}</p></Part>
      ) : (
        <Part title={affected.length > 0 ? t('affected', { count: affected.length }) : t('noneAffected')}>
          <ul className="grid gap-1.5 text-base">
            {affected.map((one) => <Affected key={one.service} one={one} />)}
          </ul>
          {untouched.length > 0 && <p className="text-sm text-ink-3">{t('untouched', { services: list(untouched.map((one) => one.service)) })}</p>}
        </Part>
      )}
      {plan.later.length > 0 && (
        <Part title={t('later')}>
          <ul className="grid gap-1 text-base">
            {plan.later.map(({ variable, how }) => <li key={variable} className="break-words"><code>{variable}</code>: <span className="text-ink-2">{effect.has(how as never) ? effect(how as never) : how}</span></li>)}
          </ul>
        </Part>
      )}
      {gate}
      {plan.notes.length > 0 && <ul className="grid list-disc gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">{plan.notes.map((note) => <li key={note}>{words.note(note)}</li>)}</ul>}
      {plan.phase && <p className="text-sm text-ink-3">{t('phase', { phase: words.phase(plan.phase.phase), epoch: plan.phase.epoch })}</p>}
      {plan.command.length > 0 && <div className="grid gap-1.5"><p className="text-sm text-ink-3">{own('commandRuns')}</p>{plan.pullCommand && <Command argv={plan.pullCommand} />}<Command argv={plan.command} /></div>}
      {!broken && problems}
    </>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return <section className="grid grid-cols-[minmax(0,1fr)] gap-2"><h3 className="text-sm font-semibold break-words text-ink-2">{title}</h3>{children}</section>;
}

function Affected({ one }: { one: PlannedService }) {
  const t = useTranslations('config.review');
  const list = useList();
  const own = useTranslations('operationView.change');
  return (
    <li className="grid gap-0.5">
      <span className="flex flex-wrap items-center gap-x-3">
        <span>{own.rich(one.change, { service: one.service, b: (x) => <b>{x}</b> })}</span>
        {one.running && one.change === 'recreate' && <State state="attention">{t('interrupted')}</State>}
      </span>
      {one.variables.length > 0 && <span className="text-sm break-words text-ink-3">{t('because', { variables: list(one.variables) })}</span>}
    </li>
  );
}
