'use client';
import { useTranslations } from 'next-intl';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Evidence } from '../ui/evidence.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { ShownImage } from './images-data.ts';

/** What is to come is no trouble, and wears no shape. */
const STATES: Partial<Record<ShownImage['state'], StateWord>> = { here: 'ok', wrong: 'broken' };

/** Every image of the active services: here by its id, or what would have to come. */
export function ImageList({ images, at, busy, onPull }: { images: readonly ShownImage[]; at: number; busy: boolean; onPull: (request: OperationRequest) => void }) {
  const t = useTranslations('onboarding.images');
  const list = useList();
  const bytes = useBytes();
  const several = images.filter(({ state }) => state !== 'here').length > 1;
  return (
    <ul>
      {images.map(({ image, services, state, id, architecture, bytes: size, download }) => (
        <li key={image} className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 border-t px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-4.5">
          <div className="grid min-w-0 gap-0.5">
            <code className="text-base break-all">{image}</code>
            <span className="text-sm text-ink-3">
              {[t('usedBy', { services: list(services) }), size !== undefined && t('onDisk', { size: bytes(size) }), architecture, download !== undefined && t('toCome', { size: bytes(download) })].filter(Boolean).join(' · ')}
            </span>
          </div>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:justify-end">
            <Evidence source="Docker" at={at} raw={id ?? image}>{STATES[state] ? <State state={STATES[state]}>{t(`state.${state}`)}</State> : <span className="text-sm font-medium text-ink-2">{t(`state.${state}`)}</span>}</Evidence>
            {several && state === 'absent' && <Button size="sm" className="max-sm:min-h-11" disabled={busy} aria-label={t('pullOne', { image })} onClick={() => onPull({ kind: 'pull-images', params: { images: [image] } })}>{t('only')}</Button>}
          </div>
        </li>
      ))}
    </ul>
  );
}
