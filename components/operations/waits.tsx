'use client';
/** What a scheduled operation waits for: when it may begin, and what speaks against it until then. */
import type { Waiting } from '#lib/operations/schema.ts';
import { useFormatter, useTranslations } from 'next-intl';
import { At, TimeAgo } from '../ui/time-ago.tsx';
import { WhatSpeaksAgainst } from './what-speaks-against.tsx';

type Window = NonNullable<Waiting['window']>;

/** "from block 5,567,506 ≈ 14:05 (in 3 h 12 min) to block 5,567,766" */
export function WindowWords({ window }: { window: Window }) {
  const t = useTranslations('operationView.waits');
  const format = useFormatter();
  const when = window.at !== undefined && <> ≈ <At at={window.at} /> (<TimeAgo at={window.at} />)</>;
  return <>{t.rich('window', { from: format.number(window.from), until: format.number(window.until), when: () => when })}</>;
}

export function Waits({ waits }: { waits: Waiting | undefined }) {
  const t = useTranslations('operationView.waits');
  if (!waits) return <p className="text-sm text-ink-2">{t('notWeighed')}</p>;
  return (
    <div className="grid gap-1 text-sm text-ink-2">
      {waits.window && <p className="num"><b className="font-semibold text-ink">{t('begins')}</b> <WindowWords window={waits.window} /></p>}
      {!waits.window && <p>{t('unknownWhen')}</p>}
      <WhatSpeaksAgainst reasons={waits.reasons} />
      <p className="text-ink-3">{t('weighed')} <TimeAgo at={waits.at} /></p>
    </div>
  );
}
