'use client';
import { useTranslations } from 'next-intl';
import { Card, CardBody } from '../ui/card.tsx';
import { CommandCard } from '../ui/command-card.tsx';
import { QrPicture } from '../ui/qr-picture.tsx';

/** What somebody outside opens to prove that the public address is reachable; the request itself ticks the line. */
export function OutsideCard({ url }: { url: string }) {
  const t = useTranslations('onboarding.verify.outside');
  return (
    <Card title={t('title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-[minmax(0,1fr)_auto]">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-3">
          <p className="max-w-[60ch] text-base text-ink-2">{t('text')}</p>
          <CommandCard title={t('curl')} text={`curl -sS -m 10 '${url}'`} where={t('where')} />
          <p className="text-sm text-ink-3">{t('note')}</p>
        </div>
        <QrPicture text={url} label={t('picture')} className="w-48 justify-self-start" />
      </CardBody>
    </Card>
  );
}
