'use client';
/**
 * `<Evidence source at raw note>claim</Evidence>`: click or tap on a claim shows where it comes from.
 * The trigger is the claim itself (a `<State>`, a number), underlined with dots.
 */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useRef, useState } from 'react';
import { TimeAgo, At } from './time-ago.tsx';
import { SourceName } from './source-name.tsx';

type Props = { children: React.ReactNode; source?: React.ReactNode; at?: number | string; raw?: string; note?: React.ReactNode; className?: string };

export function Evidence({ children, source, at, raw, note, className }: Props) {
  const t = useTranslations('state');
  const trigger = useRef<HTMLButtonElement>(null);
  const [inside, setInside] = useState<HTMLElement | null>(null);
  return (
    <Popover.Root onOpenChange={(open) => { if (open) setInside(trigger.current?.closest('dialog') ?? null); }}>
      <Popover.Trigger ref={trigger} className={clsx('relative rounded-sm text-left max-sm:after:absolute max-sm:after:inset-x-0 max-sm:after:-inset-y-2.5 decoration-current/50 decoration-dotted underline-offset-4 hover:underline', className)}>
        {children}<span className="sr-only"> {t('showEvidence')}</span>
      </Popover.Trigger>
      <Popover.Portal container={inside ?? undefined}>
        <Popover.Content sideOffset={6} collisionPadding={12} align="start" aria-label={t('evidence')}
          className="z-40 grid max-h-[60dvh] w-[min(380px,calc(100vw-24px))] grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 overflow-auto rounded-lg border bg-raised p-4 text-base shadow-overlay">
          {note && <div className="col-span-2 mb-1">{note}</div>}
          {source && <><span className="text-ink-3">{t('source')}</span><span className="break-words">{typeof source === 'string' ? <SourceName source={source} /> : source}</span></>}
          {at !== undefined && <><span className="text-ink-3">{t('read')}</span><span className="num"><TimeAgo at={at} /> · <At at={at} seconds /></span></>}
          {raw !== undefined && <><span className="text-ink-3">{t('raw')}</span><pre className="overflow-x-auto text-sm break-words whitespace-pre-wrap">{raw}</pre></>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
