'use client';
/** What disabling does and when, before anybody clicks; the page that proves a stop; and whether the panel keeps the wish. */
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BlockTime } from '../ui/block-time.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice, type ShownError, useErrorWords } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Checkbox } from '../ui/field.tsx';
import { State } from '../ui/state.tsx';
import { setReapply } from './ml-nodes-client.ts';
import type { MlNodesNow } from './ml-nodes-data.ts';

export function DisableCard({ now, reload }: { now: MlNodesNow; reload: () => Promise<unknown> }) {
  const t = useTranslations('mlNodes.disable');
  return (
    <Card title={t('title')} action={<ButtonLink size="sm" href="/leave">{t('toExit')}</ButtonLink>}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <Effect now={now} />
        <p className="max-w-[75ch] text-base text-ink-2">{t('duty')}</p>
        <p className="max-w-[75ch] text-base text-ink-2">{t.rich('exit', { exit: (x) => <Link href="/leave" prefetch={false} className="link underline">{x}</Link> })}</p>
        <Reapply reapply={now.reapply} reload={reload} />
      </CardBody>
    </Card>
  );
}

function Effect({ now: { disableNow: effect, clock } }: { now: MlNodesNow }) {
  const t = useTranslations('mlNodes.disable');
  const errors = useErrorWords();
  const value = clock.value;
  if (!effect || !value) return <Evidence note={clock.error && errors(clock.error).what}><State state="unknown">{t('unknown')}</State></Evidence>;
  const { height, at, secondsPerBlock } = value;
  const block = { height, at, secondsPerBlock };
  return (
    <>
      {effect.longer && <State state="attention" className="max-w-[75ch] items-start text-base">{t('longer')}</State>}
      <p className="max-w-[75ch] text-base">
        <Evidence source={clock.source ?? value.source} at={clock.at ?? at} raw={JSON.stringify({ height, epoch: value.epoch, latest_epoch: value.latestEpoch, phase: value.phase, next_poc_start: value.nextPocStart, set_new_validators: value.setNewValidators }, null, 1)}>
          {t.rich('effect', { epoch: effect.epoch, block: () => <b><BlockTime block={effect.block} clock={block} /></b>, b: (x) => <b>{x}</b> })}
        </Evidence>
      </p>
      {clock.state !== 'ok' && <State state="unknown">{t('oldClock')}</State>}
    </>
  );
}

function Reapply({ reapply, reload }: { reapply: boolean; reload: () => Promise<unknown> }) {
  const t = useTranslations('mlNodes.reapply');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const put = async (next: boolean) => {
    setBusy(true);
    const answer = await setReapply(next);
    setError('error' in answer ? answer.error : undefined);
    await reload();
    setBusy(false);
  };
  return (
    <div className="grid gap-1.5 border-t pt-3">
      <Checkbox checked={reapply} disabled={busy} onChange={(event) => void put(event.target.checked)} label={<><span className="font-medium">{t('label')}</span><span className="block max-w-[75ch] text-sm text-ink-2">{t(reapply ? 'on' : 'off')}</span></>} />
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
