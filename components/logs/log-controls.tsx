'use client';
/** The two bars above the lines: which services, and what of them. */
import clsx from 'clsx';
import { Download, Pause, Play } from 'lucide-react';
import { useFormatter, useTimeZone, useTranslations } from 'next-intl';
import { useEffect, useId, useState } from 'react';
import { Button, buttonClass } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Checkbox, controlClass, Field, Select } from '../ui/field.tsx';
import { StateMark } from '../ui/state.tsx';
import { type Level, levelNumber, levels } from './level.ts';
import { LogMenu } from './log-menu.tsx';
import { DEFAULT_TAIL, type LogAddress, sinces, tails } from './log-url.ts';
import { serviceColour } from './service-colour.ts';
import type { TimeMode } from './time-column.ts';
import type { LogPreferences } from './use-log-preferences.ts';
import type { LogStats } from './use-log-stats.ts';

type Props = {
  address: LogAddress; change: (part: Partial<LogAddress>) => void;
  names: readonly { name: string; running: boolean }[]; shown: readonly string[];
  preferences: LogPreferences; wrap: boolean; prefer: (part: Partial<LogPreferences>) => void;
  stats?: LogStats; problem?: string; paused: boolean; toggle: () => void; download?: string; filterRef: React.RefObject<HTMLInputElement | null>;
};

export function LogControls(props: Props) {
  const { names, shown, change, paused, toggle, download } = props;
  const t = useTranslations('logs');
  const pick = (name: string) => {
    const next = shown.includes(name) ? shown.filter((each) => each !== name) : [...shown, name];
    if (next.length > 0) change({ services: names.map((each) => each.name).filter((each) => next.includes(each)) });
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] border-b">
      <div className="flex items-center gap-2 border-b px-4 py-2.5 max-sm:px-3 max-sm:py-1.5">
        <fieldset aria-label={t('services')} className="flex min-w-0 gap-2 overflow-x-auto p-0.5 [scrollbar-width:none]">
          {names.map(({ name, running }) => {
            const on = shown.includes(name);
            return <Chip key={name} pressed={on} dot={serviceColour(name)} title={t(running ? 'chipTitle' : 'chipStopped', { service: name })} onClick={(event) => (event.altKey ? change({ services: [name] }) : pick(name))} className={clsx('flex-none', !running && 'italic')}>{name}</Chip>;
          })}
        </fieldset>
        <span className="ml-auto flex flex-none items-center gap-2">
          <ViewMenu {...props} />
          {download && <a href={download} download className={buttonClass({ kind: 'quiet' }, 'max-sm:hidden')}><Download />{t('download')}</a>}
          <Button onClick={toggle} aria-pressed={paused}>{paused ? <Play /> : <Pause />}{t(paused ? 'resume' : 'pause')}</Button>
        </span>
      </div>
      <FilterBar {...props} />
    </div>
  );
}

function FilterBar({ address, change, stats, problem, filterRef }: Props) {
  const t = useTranslations('logs');
  const format = useFormatter();
  const id = useId();
  const [field, setField] = useState(address.q);
  useEffect(() => setField(address.q), [address.q]);
  const since = address.at ?? address.since;
  const sinceText = !since ? undefined : sinces.includes(since as never) ? t(`since.${since as (typeof sinces)[number]}`) : /^\d/.test(since) && since.includes('-') ? format.dateTime(new Date(since), { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) : since;
  const range = sinceText ? t('sinceChip', { since: sinceText }) : address.tail === 'all' ? t('tailAllChip') : t('tailChip', { count: address.tail ?? DEFAULT_TAIL });
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 px-4 py-2.5 max-sm:px-3 max-sm:py-1.5 lg:has-[[role=alert]]:flex-wrap lg:flex-nowrap">
      <div className="grid min-w-0 max-sm:flex-1 sm:w-52 lg:flex-none 2xl:w-72">
        <label htmlFor={id} className="sr-only">{t('filter')}</label>
        <input ref={filterRef} id={id} type="search" enterKeyHint="search" autoComplete="off" autoCapitalize="off" spellCheck={false} placeholder={t('filterHint')} value={field} maxLength={500}
          aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}-e` : undefined}
          onChange={(event) => { setField(event.target.value); change({ q: event.target.value }); }}
          onKeyDown={(event) => { if (event.key === 'Escape') { if (field) { setField(''); change({ q: '' }); } else event.currentTarget.blur(); } }}
          className={clsx(controlClass, 'h-8 sm:text-sm')} />
      </div>
      <LevelChips chosen={address.levels} counts={stats?.counts} change={(next) => change({ levels: next })} />
      <LogMenu label={range} name={t('range')} pressed={Boolean(since) || address.tail !== undefined} right>
        <Field label={t('from')}>{(wiring) => (
          <Select {...wiring} value={address.since && sinces.includes(address.since as never) ? address.since : address.at || address.since ? 'at' : ''} onChange={(event) => change({ at: undefined, since: event.target.value || undefined, tail: undefined })}>
            <option value="">{t('sinceAny')}</option>
            {sinces.map((each) => <option key={each} value={each}>{t(`since.${each}`)}</option>)}
            {(address.at || (address.since && !sinces.includes(address.since as never))) && <option value="at" disabled>{sinceText}</option>}
          </Select>
        )}</Field>
        <Field label={t('tail')} help={t('tailHelp')}>{(wiring) => (
          <Select {...wiring} value={String(address.tail ?? (address.since || address.at ? 'all' : DEFAULT_TAIL))} onChange={(event) => change({ at: undefined, tail: event.target.value === 'all' ? 'all' : Number(event.target.value) })}>
            {tails.map((each) => <option key={each} value={String(each)}>{each === 'all' ? t('tailAll') : t('tailLines', { count: each })}</option>)}
            {typeof address.tail === 'number' && !tails.includes(address.tail as never) && <option value={String(address.tail)}>{t('tailLines', { count: address.tail })}</option>}
          </Select>
        )}</Field>
      </LogMenu>
      <span className="num ml-auto flex-none text-sm whitespace-nowrap text-ink-3 max-sm:hidden">
        {!stats ? null : stats.progress < 1 ? t('looking', { percent: Math.floor(stats.progress * 100) }) : t('shownOf', { shown: stats.shown, total: stats.total })}
      </span>
      {problem && <p id={`${id}-e`} role="alert" className="flex w-full items-start gap-1.5 text-sm text-bad"><StateMark state="broken" className="mt-1" /><span>{t('badPattern', { problem })}</span></p>}
    </div>
  );
}

function ViewMenu({ preferences, prefer, wrap, download }: Props) {
  const t = useTranslations('logs');
  const zone = useTimeZone();
  const [browserZone, setBrowserZone] = useState<string>();
  useEffect(() => setBrowserZone(Intl.DateTimeFormat().resolvedOptions().timeZone), []);
  return (
    <LogMenu label={t('view')} name={t('view')} right>
      <Checkbox label={t('wrap')} checked={wrap} onChange={(event) => prefer({ wrap: event.target.checked })} />
      <Field label={t('times')}>{(wiring) => (
        <Select {...wiring} value={preferences.time} onChange={(event) => prefer({ time: event.target.value as TimeMode })}>
          <option value="server">{t('timeServer', { zone: zone ?? 'UTC' })}</option>
          {browserZone && browserZone !== zone && <option value="browser">{t('timeBrowser', { zone: browserZone })}</option>}
          <option value="utc">UTC</option>
          <option value="off">{t('timeOff')}</option>
        </Select>
      )}</Field>
      <Checkbox label={t('ownTime')} checked={preferences.ownTime} onChange={(event) => prefer({ ownTime: event.target.checked })} />
      <Checkbox label={t('singleKeys')} checked={preferences.keys} onChange={(event) => prefer({ keys: event.target.checked })} />
      {download && <a href={download} download className={buttonClass({}, 'sm:hidden')}><Download />{t('download')}</a>}
    </LogMenu>
  );
}

/** None pressed: all. The number is of the lines that are there, whatever is filtered. */
function LevelChips({ chosen, counts, change }: { chosen: Level[]; counts?: readonly number[]; change: (levels: Level[]) => void }) {
  const t = useTranslations('logs');
  const format = useFormatter();
  const dots: Record<Level, string> = { error: 'bg-bad', warn: 'bg-warn', info: 'bg-ok', debug: 'bg-ink-3', none: 'border border-ink-3' };
  const offered = levels.filter((level) => level === 'error' || level === 'warn' || level === 'info' || chosen.includes(level) || (counts?.[levelNumber[level]] ?? 0) > 0);
  return (
    <fieldset aria-label={t('levels')} className="flex min-w-0 gap-1.5 overflow-x-auto p-0.5 [scrollbar-width:none] max-sm:order-last max-sm:w-full">
      <Chip pressed={chosen.length === 0} onClick={() => change([])} className="flex-none">{t('allLevels')}</Chip>
      {offered.map((level) => (
        <Chip key={level} pressed={chosen.includes(level)} className="flex-none gap-1.5 px-2.5"
          onClick={() => { const next = chosen.includes(level) ? chosen.filter((each) => each !== level) : [...chosen, level]; change(next.length === levels.length ? [] : next); }}>
          <span aria-hidden="true" className={clsx('size-2 rounded-full', dots[level])} />{t(`level.${level}`)}
          <span className="num text-xs font-normal text-ink-3">{format.number(counts?.[levelNumber[level]] ?? 0, { notation: 'compact' })}</span>
        </Chip>
      ))}
    </fieldset>
  );
}
