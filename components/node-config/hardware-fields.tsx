'use client';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import type { NodeConfigEntry } from './node-config-data.ts';
import { wholeNumber } from './whole-number.ts';

type Hardware = NonNullable<NodeConfigEntry['hardware']>;

/** Usually left out: the api asks the ML node for its cards. */
export function HardwareFields({ hardware, readOnly, onChange }: { hardware: Hardware | undefined; readOnly: boolean; onChange: (hardware: Hardware | undefined) => void }) {
  const t = useTranslations('nodeConfig');
  const rows = hardware ?? [];
  const set = (at: number, change: Partial<Hardware[number]>) => onChange(rows.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <div className="grid gap-1.5">
      <p className="text-base font-medium">{t('field.hardware')}</p>
      {rows.length === 0 && <p className="text-base text-ink-3">{t('noHardware')}</p>}
      {rows.map((row, i) => (
        <div key={`card ${i + 1}`} className="grid grid-cols-[4.5rem_minmax(0,1fr)_auto] items-center gap-2 sm:max-w-xl">
          <Input type="number" inputMode="numeric" readOnly={readOnly} value={row.count} aria-label={t('hardwareCount', { number: i + 1 })} onChange={(event) => set(i, { count: wholeNumber(event.target.value) })} className="num" />
          <Input value={row.type} readOnly={readOnly} spellCheck={false} aria-label={t('hardwareType', { number: i + 1 })} onChange={(event) => set(i, { type: event.target.value })} className="font-mono" />
          {!readOnly && <IconButton label={t('removeHardware', { number: i + 1 })} onClick={() => onChange(rows.length > 1 ? rows.filter((_, other) => other !== i) : undefined)}><X /></IconButton>}
        </div>
      ))}
      {!readOnly && <div><Button size="sm" kind="quiet" onClick={() => onChange([...rows, { type: '', count: 1 }])}><Plus aria-hidden="true" />{t('addHardware')}</Button></div>}
      <p className="text-sm text-ink-3">{t('help.hardware')}</p>
    </div>
  );
}
