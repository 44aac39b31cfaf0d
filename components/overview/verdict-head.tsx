'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { blockTime } from '../ui/block-time.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { useTick } from '../ui/tick.ts';
import { PageHead } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { State, stateInk } from '../ui/state.tsx';
import { Countdown, TimeAgo } from '../ui/time-ago.tsx';
import type { Overview } from './overview-data.ts';

/** The page's headline: one sentence, and the numbers that carry it, each with its source and age one click away. */
export function VerdictHead({ overview }: { overview: Overview }) {
  const t = useTranslations('overview');
  const sentence = useTranslations('verdict');
  const format = useFormatter();
  const { verdict, network } = overview;
  const own = network?.own;
  const epoch = network?.epoch;
  const clock = epoch?.value;
  // While a PoC runs the end of it matters, else the start of the next one.
  const inPoc = clock !== undefined && clock.phase !== 'Inference';
  const poc = clock && blockTime(inPoc ? clock.stages.pocValidationEnd : clock.stages.nextPocStart, clock);
  const due = useTick(1000) >= (poc ?? Number.POSITIVE_INFINITY);
  const stale = own && own.state !== 'ok' && own.at !== undefined;
  return (
    <PageHead
      title={sentence.rich(verdict.key, { ...verdict.params, s: (words) => <span className={stateInk[verdict.state]}>{words}</span> })}
      facts={
        <>
          {own?.value?.active && (
            <Evidence source={own.source} at={own.at} raw={`${own.value.address}\nweight ${own.value.active.weight}`} note={t('weightNote')}>{t.rich('weight', { weight: format.number(own.value.active.weight), b: (x) => <b>{x}</b> })}</Evidence>
          )}
          {own?.value?.rank !== undefined && own.value.of !== undefined && (
            <Evidence source={own.source} at={own.at} raw={`rank ${own.value.rank} / ${own.value.of}`}>{t.rich('rank', { rank: own.value.rank, of: own.value.of, b: (x) => <b>{x}</b> })}</Evidence>
          )}
          {clock && (
            <Evidence source={epoch?.source ?? clock.source} at={epoch?.at ?? clock.at} raw={JSON.stringify({ height: clock.height, epoch: clock.epoch, phase: clock.phase, next_poc_start: clock.stages.nextPocStart }, null, 1)}
              note={clock.secondsPerBlock ? t('pocNote', { blocks: format.number(clock.blocksToNextPoc), seconds: format.number(clock.secondsPerBlock, { maximumFractionDigits: 2 }) }) : undefined}>
              {poc !== undefined && due ? <b>{t(inPoc ? 'pocEnding' : 'pocDue')}</b> : poc !== undefined ? <>{t(inPoc ? 'pocEndsIn' : 'nextPocIn')} <b>{epoch?.state === 'ok' ? '' : '≈ '}<Countdown to={poc} /></b></> : t.rich('nextPocBlocks', { blocks: format.number(clock.blocksToNextPoc), b: (x) => <b>{x}</b> })}
            </Evidence>
          )}
          {stale && <State state="unknown">{t('staleOwn')} <TimeAgo at={own.at as number} /></State>}
        </>
      }
      actions={overview.deployment.state === 'ok' && !overview.leaving && <ButtonLink href="/leave">{t('planMaintenance')}</ButtonLink>}
    />
  );
}

export function VerdictLoading() {
  return <div className="grid gap-3 pb-1"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-4 w-96 max-w-full" /></div>;
}
