'use client';
import { useTranslations } from 'next-intl';
import { useBytes } from '../ui/bytes.ts';
import type { ShownRoom } from './images-data.ts';

/** How much room there is at a place, or that it can't be seen. */
export function RoomWords({ room }: { room: ShownRoom }) {
  const t = useTranslations('onboarding.images');
  const bytes = useBytes();
  return <span className="[overflow-wrap:anywhere]">{'why' in room ? t('roomUnseen', { path: room.path }) : t('room', { path: room.path, free: bytes(room.freeBytes) })}</span>;
}
