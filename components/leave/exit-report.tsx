'use client';
/** What happened, in order, with time and block; when it is over also as a file, for people and for programs. */
import { useFormatter, useTranslations } from 'next-intl';
import { isOver } from '../operations/operation-words.ts';
import { Amount } from '../ui/amount.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { At } from '../ui/time-ago.tsx';
import { buttonClass } from '../ui/button.tsx';
import type { ExitView } from './leave-data.ts';
import { useExitWords } from './use-exit-words.ts';

/** Newest first while it runs; the rest is one click away. */
const SHOWN = 8;

export function ExitReport({ view }: { view: ExitView }) {
  const t = useTranslations('leave.report');
  const format = useFormatter();
  const words = useExitWords();
  const over = isOver(view.state);
  const events = over ? view.events : view.events.toReversed();
  if (events.length === 0 && !over) return null;
  const row = (event: ExitView['events'][number], i: number) => (
    <li key={`${event.at} ${event.code} ${i}`} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 text-base">
      <span className="num text-sm text-ink-3"><At at={event.at} seconds />{event.height !== undefined && <span className="block">{format.number(event.height)}</span>}</span>
      <span className="min-w-0 break-words">{words.event(event)}</span>
    </li>
  );
  const { claim } = view;
  return (
    <Card title={t(over ? 'title' : 'soFar')} action={over && <span className="flex flex-wrap gap-2">{(['text', 'json'] as const).map((form) => <a key={form} href={`/api/leave/${view.id}/report?format=${form}`} download className={buttonClass({ size: 'sm' })}>{t(form)}</a>)}</span>}>
      <CardBody className="grid gap-3">
        {over && claim && <p className="text-base">{claim.reward && (claim.state === 'claimed' || claim.state === 'open') ? t.rich(`reward.${claim.state}`, { epoch: claim.epoch, amount: () => <Amount ngonka={claim.reward as string} /> }) : t(`reward.${claim.state}Plain`, { epoch: claim.epoch })}</p>}
        <ol aria-label={t(over ? 'title' : 'soFar')} className="grid gap-2">{events.slice(0, over ? events.length : SHOWN).map(row)}</ol>
        {!over && events.length > SHOWN && <details className="text-sm"><summary className="cursor-pointer py-1 text-ink-2">{t('earlier', { count: events.length - SHOWN })}</summary><ol className="grid gap-2 pt-2">{events.slice(SHOWN).map(row)}</ol></details>}
        {over && <p className="text-sm text-ink-3">{t('redacted')}</p>}
      </CardBody>
    </Card>
  );
}
