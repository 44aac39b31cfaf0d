'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { isOver } from '../operations/operation-words.ts';
import { useOperations } from '../operations/use-operations.ts';
import { Button } from '../ui/button.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { ImageList } from './image-list.tsx';
import type { ImagesNow } from './images-data.ts';
import type { Step } from './onboarding-data.ts';
import { RoomWords } from './room-words.tsx';
import { StepEvidence } from './step-evidence.tsx';
import { TransferCard } from './transfer-card.tsx';
import { WeightsCard } from './weights-card.tsx';

/** Images are unpacked beside what was downloaded: about this many times as large in all. */
const UNPACKED = 3;

/** What the host's programs are, what its models are, and the transfers of both: they go on without the page. */
export function ImagesStep({ step, onChanged }: { step: Step; onChanged: () => void }) {
  const steps = useTranslations('onboarding.steps.images');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<ImagesNow>('/api/onboarding/images', { every: 5000 });
  const { operations: pulls, reload: reloadPulls } = useOperations({ kind: ['pull-images'], limit: 1 }, 3000);
  const { operations: downloads, reload: reloadDownloads } = useOperations({ kind: ['get-weights'], limit: 1 }, 3000);
  const [request, ask] = useState<OperationRequest>();
  const looked = () => {
    void reload();
    void reloadPulls();
    void reloadDownloads();
    onChanged();
  };
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{steps('text')}</p>
      <StepEvidence step={step} told={now?.engineError} />
      {error && <ErrorNotice error={error} />}
      {now?.deploymentError && <ErrorNotice error={now.deploymentError} state="unknown" />}
      {now?.engineError && <ErrorNotice error={now.engineError} state="unknown" />}
      {!now && !error && <Loading label={shell('loading')}><Card><SkeletonRows rows={6} /></Card></Loading>}
      {now && now.images.length > 0 && <ImagesCard now={now} last={pulls?.[0]} onAsk={ask} />}
      {now?.deployment && !now.engineError && <WeightsCard now={now} last={downloads?.[0]} onAsk={ask} />}
      <OperationDialog request={request} onClose={() => { ask(undefined); looked(); }} onStarted={looked} />
    </>
  );
}

function ImagesCard({ now, last, onAsk }: { now: ImagesNow; last?: Parameters<typeof TransferCard>[0]['last']; onAsk: (request: OperationRequest) => void }) {
  const t = useTranslations('onboarding.images');
  const bytes = useBytes();
  const { images, download, imageRoom } = now;
  const absent = images.filter(({ state }) => state === 'absent').length;
  const busy = last !== undefined && !isOver(last.state);
  // A failure that is mended by now is history.
  const shown = last && (busy || absent > 0) ? last : undefined;
  const tight = download && imageRoom && 'freeBytes' in imageRoom && imageRoom.freeBytes < UNPACKED * download;
  return (
    <Card title={t('title')} source={imageRoom && <RoomWords room={imageRoom} />}>
      <CardBody className="grid gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {absent > 0 && !busy && <Button kind="primary" size="lg" onClick={() => onAsk({ kind: 'pull-images' })}>{t('pull', { count: absent })}</Button>}
          <span role="status" className="num text-base text-ink-2">
            {[t('count', { here: images.filter(({ state }) => state === 'here').length, count: images.length }), absent > 0 && (download === undefined ? t('toComeUnknown') : t('toCome', { size: bytes(download) }))].filter(Boolean).join(' · ')}
          </span>
        </div>
        {absent > 0 && tight && imageRoom && <Notice state="attention"><p>{t('tight', { path: imageRoom.path })}</p></Notice>}
        {absent > 0 && <p className="max-w-[70ch] text-sm text-ink-3">{t('keeps')}</p>}
      </CardBody>
      {shown && <TransferCard key={shown.id} last={shown} onAgain={onAsk} />}
      <ImageList images={images} at={now.at} busy={busy} onPull={onAsk} />
    </Card>
  );
}
