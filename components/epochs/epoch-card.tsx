'use client';
import Link from 'next/link';
import { useFormatter, useTimeZone, useTranslations } from 'next-intl';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { EpochRibbon } from './epoch-ribbon.tsx';
import type { EpochView } from './epoch-view.ts';
import type { Mark } from './ribbon-layout.ts';
import { SourceName } from '../ui/source-name.tsx';

type Props = { reading?: { state: string; value?: EpochView; at?: number; source?: string; error?: ShownError }; marks?: readonly Mark[]; link?: boolean };

/** The ribbon with its heading: block, pace, source and age; or why it can't be drawn. */
export function EpochCard({ reading, marks, link }: Props) {
  const t = useTranslations('epoch');
  const time = useTranslations('time');
  const format = useFormatter();
  const zone = useTimeZone();
  const clock = reading?.value;
  const source = clock && (
    <>
      {time('block', { block: format.number(clock.height) })} · {clock.secondsPerBlock ? t('pace', { seconds: format.number(clock.secondsPerBlock, { maximumFractionDigits: 1, minimumFractionDigits: 1 }), over: format.number(clock.secondsPerBlockOver ?? 0) }) : t('paceUnknown')} · <SourceName source={reading?.source ?? clock.source} /> · <TimeAgo at={reading?.at ?? clock.at} /> · {t('zone', { zone: zone ?? 'UTC' })}
    </>
  );
  return (
    <Card title={clock ? t('title', { epoch: clock.epoch }) : t('titleUnknown')} source={source} action={link && <Link href="/network" prefetch={false} className="link">{t('network')}</Link>}>
      <CardBody>
        {reading && reading.state !== 'ok' && reading.error && <ErrorNotice error={reading.error} state="unknown" className="mb-3" />}
        {clock ? <EpochRibbon clock={clock} marks={marks} /> : !reading?.error && <State state="unknown">{t('unknownClock')}</State>}
      </CardBody>
    </Card>
  );
}
