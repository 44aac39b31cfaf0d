'use client';
/** Where the quickstart has been overtaken: what it says, what holds now, and where that stands. */
import { useTranslations } from 'next-intl';
import { Card } from '../ui/card.tsx';

const POINTS = ['rpc', 'models', 'cuda', 'p2p', 'home'] as const;

export function Overtaken() {
  const t = useTranslations('configStep.overtaken');
  return (
    <Card title={t('title')}>
      <dl className="pt-1 pb-1">
        {POINTS.map((point) => (
          <div key={point} className="grid gap-0.5 border-t px-4 py-3 first:border-t-0 sm:px-4.5">
            <dt className="text-base font-semibold">{t(`${point}.guide`)}</dt>
            <dd className="text-base text-ink-2">{t(`${point}.now`)}</dd>
            <dd className="text-sm text-ink-3">{t(`${point}.source`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
