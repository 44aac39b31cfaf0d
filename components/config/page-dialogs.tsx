'use client';
/** The questions of the configuration page: before leaving, before discarding, before a view that can't keep everything. */
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useList } from '../ui/use-list.ts';
import type { Losing } from './use-view-switch.ts';

type Question = { open: boolean; kind: 'leave' | 'discard'; onStay: () => void; onGo: () => void };

export function LoseEditsDialog({ open, kind, onStay, onGo }: Question) {
  const t = useTranslations(`config.${kind}`);
  return (
    <Dialog open={open} onClose={onStay} title={t('title')} footer={<><Button data-autofocus onClick={onStay}>{t('stay')}</Button><Button kind="danger" onClick={onGo}>{t('go')}</Button></>}>
      <p className="text-base text-ink-2">{t('text')}</p>
    </Dialog>
  );
}

export function SwitchDialog({ losing, onStay }: { losing: Losing | undefined; onStay: () => void }) {
  const t = useTranslations('config.switch');
  const list = useList();
  if (!losing) return null;
  const { to, names, lines, go } = losing;
  return (
    <Dialog open onClose={onStay} title={t(`${to}.title`)} footer={<><Button data-autofocus onClick={onStay}>{t(`${to}.stay`)}</Button><Button kind="danger" onClick={go}>{t(`${to}.go`)}</Button></>}>
      <p className="text-base text-ink-2">{t(`${to}.text`)}</p>
      <p className="text-base break-words">{to === 'raw' ? t('names', { count: names.length, names: list(names) }) : t('lines', { count: lines.length, lines: list(lines.slice(0, 20).map(String)) + (lines.length > 20 ? ' …' : '') })}</p>
    </Dialog>
  );
}
