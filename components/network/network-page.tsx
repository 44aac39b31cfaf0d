'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { EpochCard } from '../epochs/epoch-card.tsx';
import { blockTime } from '../ui/block-time.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { Countdown } from '../ui/time-ago.tsx';
import { useOverview } from '../overview/use-overview.ts';
import type { NetworkNow } from './network-data.ts';
import { OwnCard } from './own-card.tsx';
import { ParticipantsCard } from './participants-card.tsx';
import { SeedsCard } from './seeds-card.tsx';

export function NetworkPage() {
  const t = useTranslations('network');
  const epochWords = useTranslations('epoch');
  const shell = useTranslations('shell');
  const format = useFormatter();
  // The set of an epoch doesn't change and may be megabytes: it is asked rarely; clock, own row and seeds come with the overview.
  const { data, error } = usePanelData<NetworkNow>('/api/network?participants=1', {
    every: 30_000,
    compare: (a, b) => a?.at === b?.at,
  });
  const live = useOverview().data?.network;
  if (!data) {
    return (
      <Page>
        {error ? <ErrorNotice error={error} /> : null}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
          <div className="grid gap-3 pb-1"><Skeleton className="h-8 w-72 max-w-full" /><Skeleton className="h-4 w-80 max-w-full" /></div>
          <Card><div className="grid gap-4 p-4.5"><Skeleton className="h-4 w-48" /><Skeleton className="h-9 w-full" /><Skeleton className="h-14 w-full" /></div></Card>
          <Card title={t('participants')}><SkeletonRows rows={8} /></Card>
        </Loading>
      </Page>
    );
  }
  const fresher = <T extends { at?: number }>(one: T, other: T | undefined): T => (other && (other.at ?? 0) >= (one.at ?? 0) ? other : one);
  const epoch = fresher(data.epoch, live?.epoch);
  const own = fresher(data.own, live?.own);
  const ownNode = fresher(data.ownNode, live?.ownNode);
  const clock = epoch.value;
  const inPoc = clock !== undefined && clock.phase !== 'Inference';
  const poc = clock && blockTime(inPoc ? clock.stages.pocValidationEnd : clock.stages.nextPocStart, clock);
  return (
    <Page>
      {error ? <ErrorNotice error={error} /> : null}
      <PageHead
        title={clock ? t('title', { epoch: clock.epoch, phase: epochWords(`phase.${clock.phase}`) }) : t('titleUnknown')}
        facts={clock && (
          <>
            {poc !== undefined ? <span>{t(inPoc ? 'pocEndsIn' : 'nextPocIn')} <b>{epoch.state === 'ok' ? '' : '≈ '}<Countdown to={poc} /></b></span> : <span>{t('nextPocBlocks', { blocks: format.number(clock.blocksToNextPoc) })}</span>}
            {data.participants.value && <span>{t.rich('hosts', { count: data.participants.value.list.length, b: (x) => <b>{x}</b> })}</span>}
            {data.participants.value && <span>{t.rich('totalWeight', { weight: format.number(data.participants.value.totalWeight), b: (x) => <b>{x}</b> })}</span>}
          </>
        )}
      />
      <EpochCard reading={epoch} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-2">
        <OwnCard own={own} node={ownNode} />
        <SeedsCard seeds={live?.seeds ?? data.seeds} />
      </div>
      <ParticipantsCard reading={data.participants} own={own.value?.address} />
    </Page>
  );
}
