'use client';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '../ui/button.tsx';
import { Input, Select } from '../ui/field.tsx';
import type { FitReason, KnownCard } from './models-data.ts';
import { RamReason } from './ram-reason.tsx';
import { MOST_CARDS, MOST_SERVERS, typedGb, type WhatIfServer } from './what-if-url.ts';

const OTHER = 'other';
const OTHER_GB = 48;
const whole = (text: string, most: number, least = 1): number => Math.min(most, Math.max(least, Math.trunc(Number(text)) || least));

type Props = {
  /** What the server's RAM means, by its name. */
  ram?: ReadonlyMap<string, FitReason>;
  servers: readonly WhatIfServer[];
  cards: readonly KnownCard[];
  /** Exactly one server, nowhere shared. */
  single?: boolean;
  onChange: (servers: WhatIfServer[]) => void;
};

/** Servers typed by hand: how many cards of which kind, and how much RAM. */
export function WhatIfEditor({ servers, cards, single, ram, onChange }: Props) {
  const t = useTranslations('models.whatIf');
  const said = (name: string) => {
    const reason = ram?.get(name);
    return reason && <span className="col-span-3 sm:order-last sm:w-full sm:pl-26"><RamReason reason={reason} /></span>;
  };
  const set = (at: number, change: Partial<WhatIfServer>) => onChange(servers.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <div className="grid gap-2 px-4 pt-3 pb-3.5 sm:px-4.5">
      <ul className="grid gap-2">
        {servers.map((server, i) => {
          const gb = typedGb(server.kind);
          const name = t('server', { number: i + 1 });
          return (
            <li key={`server ${i + 1}`} className="grid grid-cols-[3.75rem_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-1.5 border-t pt-2 first:border-t-0 first:pt-0 sm:flex sm:flex-wrap sm:border-t-0 sm:pt-0">
              <span className="col-span-3 text-base font-medium sm:w-24">{name}</span>
              <Input type="number" inputMode="numeric" min={1} max={MOST_CARDS} value={server.count} aria-label={t('count', { server: name })} onChange={(event) => set(i, { count: whole(event.target.value, MOST_CARDS) })} className="num sm:w-20" />
              <span className="flex min-w-0 items-center gap-2">
                <span aria-hidden="true" className="text-ink-3">×</span>
                <Select aria-label={t('kind', { server: name })} value={gb === undefined ? server.kind : OTHER} onChange={(event) => set(i, { kind: event.target.value === OTHER ? `${OTHER_GB}GB` : event.target.value })} className="sm:w-60">
                  {cards.map((card) => <option key={card.kind} value={card.kind}>{t('option', { kind: card.kind, gb: card.gb })}</option>)}
                  {gb === undefined && !cards.some(({ kind }) => kind === server.kind) && <option value={server.kind}>{t('unknownKind', { kind: server.kind })}</option>}
                  <option value={OTHER}>{t('otherCard')}</option>
                </Select>
              </span>
              {!single && <IconButton label={t('remove', { server: name })} className="sm:order-last" onClick={() => onChange(servers.filter((_, other) => other !== i))}><X /></IconButton>}
              {gb !== undefined && (
                <span className="col-span-3 flex items-center gap-2 text-base whitespace-nowrap text-ink-2">{t('gb')}
                  <Input type="number" inputMode="numeric" min={1} max={1000} value={gb} aria-label={t('gbOf', { server: name })} onChange={(event) => set(i, { kind: `${whole(event.target.value, 1000)}GB` })} className="num w-24" />
                </span>
              )}
              <span className="col-span-3 flex items-center gap-2 text-base whitespace-nowrap text-ink-2">{t('ram')}
                <Input type="number" inputMode="numeric" min={0} max={65_536} value={server.ramGiB ?? ''} placeholder={t('ramUnknown')} aria-label={t('ramOf', { server: name })} onChange={(event) => set(i, { ramGiB: event.target.value === '' ? undefined : whole(event.target.value, 65_536) })} className="num w-32" />
              </span>
              {said(name)}
            </li>
          );
        })}
      </ul>
      {!single && <div className="flex flex-wrap items-center gap-3 pt-1">
        <Button size="sm" disabled={servers.length >= MOST_SERVERS} onClick={() => onChange([...servers, servers.at(-1) ?? { count: 8, kind: cards.find(({ kind }) => kind === 'H100')?.kind ?? cards[0]?.kind ?? '80GB' }])}><Plus aria-hidden="true" />{t('add')}</Button>
        <span className="text-sm text-ink-3">{t('shared')}</span>
      </div>}
    </div>
  );
}
