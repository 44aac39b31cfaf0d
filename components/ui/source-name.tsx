'use client';
import { useTranslations } from 'next-intl';

/** What the readings call the own node (lib/chain/reading.ts); every other source is a host's name and stays as it is. */
const OWN = 'own node';

/** Names where a number comes from, in the reader's language. */
export function useSourceName(): (source: string | undefined) => string | undefined {
  const t = useTranslations('state');
  return (source) => (source === OWN ? t('ownNode') : source);
}

/** `<SourceName source />` */
export function SourceName({ source }: { source: string }) {
  return <>{useSourceName()(source)}</>;
}
