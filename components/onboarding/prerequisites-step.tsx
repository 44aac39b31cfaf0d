'use client';
import { RefreshCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { State } from '../ui/state.tsx';
import type { OnboardingNow, RowState } from './onboarding-data.ts';
import { PortsCard } from './ports-card.tsx';
import { PrerequisiteItem, rowKey } from './prerequisite-item.tsx';

const STATES: RowState[] = ['broken', 'attention', 'unknown', 'ok'];

/** Everything that the quickstart asks of the server, worst first; what is met is folded away. */
export function PrerequisitesStep({ now, checking, again }: { now: OnboardingNow; checking: boolean; again: (containers?: boolean) => Promise<void> }) {
  const t = useTranslations('onboarding');
  const open = now.rows.filter(({ state }) => state !== 'ok');
  const met = now.rows.filter(({ state }) => state === 'ok');
  // What gives a key away comes before everything else.
  const loud = now.rows.some(({ id, state }) => id === 'exposure' && state === 'broken');
  // By key: the dialog of a running operation stays open when they change places.
  const ports = <PortsCard key="ports" onChanged={() => void again()} />;
  const requirements = open.length > 0 && <Card key="requirements" title={t('requirements')}><ul className="pt-2">{open.map((row) => <PrerequisiteItem key={rowKey(row)} row={row} />)}</ul></Card>;
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{t('steps.prerequisites.text')}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button onClick={() => void again(true)} busy={checking}><RefreshCw aria-hidden="true" />{t('checkAgain')}</Button>
        <span role="status" className="flex flex-wrap gap-x-4 gap-y-1">
          {checking ? <State state="working">{t('checking')}</State> : STATES.map((state) => {
            const count = now.rows.filter((row) => row.state === state).length;
            return count > 0 && <State key={state} state={state}>{t(`summary.${state}`, { count })}</State>;
          })}
        </span>
        <span className="num text-sm text-ink-3">{t('measuredAgo')} <TimeAgo at={now.measuredAt} /></span>
      </div>
      {loud ? [ports, requirements] : [requirements, ports]}
      {met.length > 0 && (
        <Card>
          <details open={open.length === 0}>
            <summary className="cursor-pointer px-4 py-3 text-base font-medium sm:px-4.5">{t('met', { count: met.length })}</summary>
            <ul>{met.map((row) => <PrerequisiteItem key={rowKey(row)} row={row} />)}</ul>
          </details>
        </Card>
      )}
    </>
  );
}
