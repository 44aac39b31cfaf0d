'use client';
import type { OperationView } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { isOver } from '../operations/operation-words.ts';
import { Button } from '../ui/button.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import { Progress } from '../ui/progress.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { ImagesNow, ShownWeights } from './images-data.ts';
import { RoomWords } from './room-words.tsx';
import { TransferCard } from './transfer-card.tsx';

/** What is to come is no trouble, and wears no shape. */
const STATES: Partial<Record<ShownWeights['state'], StateWord>> = { complete: 'ok', partial: 'attention', unproven: 'unknown', unseen: 'unknown', elsewhere: 'unknown' };

const MLNODE_WORDS = { offers: 'byMlNodeText', absent: 'mlNodeAbsent', unknown: 'mlNodeUnknown' } as const;

const isWanted = ({ state }: ShownWeights) => state === 'partial' || state === 'absent' || state === 'unseen';
const anyWanted = (weights: readonly ShownWeights[] | undefined) => weights?.some(isWanted) === true;

/** The weights of the configured models, and their download. */
export function WeightsCard({ now, last, onAsk }: { now: ImagesNow; /** The newest download. */ last?: OperationView; onAsk: (request: OperationRequest) => void }) {
  const t = useTranslations('onboarding.weights');
  const { place, weights } = now;
  const busy = last !== undefined && !isOver(last.state);
  return (
    <Card title={t('title')} source={place && <RoomWords room={place.room} />}>
      <CardBody className="grid gap-2 text-base text-ink-2">
        {place?.offline ? <Notice state="attention"><p>{t('introOffline')}</p></Notice> : <p className="max-w-[70ch]">{t('intro')}</p>}
        {place ? <p className="[overflow-wrap:anywhere]">{t('place', { path: place.cache, service: place.service })}</p> : <p className="max-w-[70ch]">{t('noPlace')}</p>}
        {!weights && <State state="unknown">{t('unread')}</State>}
        {weights?.length === 0 && <p>{t('noModels')}</p>}
        {place && weights && weights.length > 0 && (place.imageHere ? <p className="max-w-[70ch]">{t('outlives')}</p> : <p>{t('needsImage')}</p>)}
        {place?.mlNode && anyWanted(weights) && <p className="max-w-[70ch]">{t(MLNODE_WORDS[place.mlNode], { service: place.service })}</p>}
      </CardBody>
      {weights && weights.length > 0 && <ul>{weights.map((one) => <WeightsItem key={[one.model, one.revision, one.state === 'elsewhere'].join(' ')} one={one} now={now} busy={busy} onAsk={onAsk} />)}</ul>}
      {last && (busy || weights?.some(({ state }) => state === 'partial' || state === 'absent')) && <TransferCard key={last.id} last={last} onAgain={onAsk} />}
    </Card>
  );
}

function WeightsItem({ one, now, busy, onAsk }: { one: ShownWeights; now: ImagesNow; busy: boolean; onAsk: (request: OperationRequest) => void }) {
  const t = useTranslations('onboarding.weights');
  const list = useList();
  const bytes = useBytes();
  const { model, revision, nodes, state, beside, bytes: done = 0, total, estimated, running } = one;
  const params = { model, ...(revision ? { revision } : {}) };
  const shape = running ? 'working' : beside ? 'unknown' : STATES[state];
  const word = running ? t('running') : t(`state.${beside ? 'unproven' : state}`);
  const size = { done: bytes(done), total: bytes(total ?? 0) };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-2 border-t px-4 py-3.5 sm:px-4.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="text-base font-medium break-all">{model}</h3>
        <Evidence source={now.place?.cache} at={now.at} raw={`${model}: ${state}`}>{shape ? <State state={shape}>{word}</State> : <span className="text-sm font-medium text-ink-2">{word}</span>}</Evidence>
      </div>
      <p className="num text-sm text-ink-2">
        {[revision && t('revision', { revision }), t('nodes', { nodes: list(nodes) }), state !== 'elsewhere' && state !== 'unseen' && (state === 'complete' || total === undefined ? t('bytes', size) : estimated ? t('bytesAbout', size) : t('bytesOf', size))].filter(Boolean).join(' · ')}
      </p>
      {state === 'complete' && <p className="text-sm text-ink-3">{t('proof')}</p>}
      {beside && !running && <p className="max-w-[70ch] text-sm text-ink-3">{t('beside')}</p>}
      {state === 'partial' && total !== undefined && !estimated && <Progress share={Math.min(done / total, 0.99)} label={model} />}
      {now.place && isWanted(one) && (
        <div className="flex flex-wrap gap-2">
          <Button size="lg" disabled={busy || !now.place.imageHere} onClick={() => onAsk({ kind: 'get-weights', params })}>{running ? t('watch') : done > 0 ? t('goOn') : t('download')}</Button>
          {now.place.mlNode === 'offers' && !running && <Button size="lg" disabled={busy} onClick={() => onAsk({ kind: 'get-weights', params: { ...params, via: 'ml-node' } })}>{t('byMlNode')}</Button>}
        </div>
      )}
    </li>
  );
}
