'use client';
/**
 * The log view: any set of services merged, live, in one window. What is looked at stands in the address
 * (`?service=a&service=b&q=…&level=…&since=…&tail=…&at=…`); habits (wrap, times, keys) stay in the browser.
 * Marks `logs:first` and `logs:done` (backlog there) on the performance timeline; `data-lines` on the root counts what has come.
 */
import './logs.css';
import clsx from 'clsx';
import { ArrowDown } from 'lucide-react';
import { useMessages, useTimeZone, useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { engineErrorOf, type ServiceRole, type ServicesNow } from '../services/services-data.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { useList } from '../ui/use-list.ts';
import { type Choice, choose } from './choice.ts';
import { readEvent } from './event-line.ts';
import { LineDetail } from './line-detail.tsx';
import type { PaneOptions } from './line-pane.ts';
import { LogControls } from './log-controls.tsx';
import { LogLines } from './log-lines.tsx';
import { LogStatus } from './log-status.tsx';
import { streamQuery, writeLogAddress } from './log-url.ts';
import { timeColumn } from './time-column.ts';
import { useLogAddress } from './use-log-address.ts';
import { useLogKeys } from './use-log-keys.ts';
import { useLogPreferences } from './use-log-preferences.ts';
import { useLogSession } from './use-log-session.ts';
import { useLogStats } from './use-log-stats.ts';

/** What one wants to see first: the chain and what signs for it. */
const USUAL = new Set(['tmkms', 'node', 'api']);
/** Chips in the order in which one thinks of a host, whatever the file's is. */
const ORDER: readonly ServiceRole[] = ['tmkms', 'node', 'api', 'mlnode', 'inference', 'proxy', 'explorer', 'other'];
/** Slower than this, a screen reader can keep up with lines being read out. */
const READABLE_RATE = 0.5;

export function LogViewer() {
  const t = useTranslations('logs');
  const [address, change] = useLogAddress();
  const [preferences, prefer] = useLogPreferences();
  const { data, error } = usePanelData<ServicesNow>('/api/services', { every: 10_000 });
  const narrow = useNarrow();
  const wrap = preferences.wrap ?? narrow;
  const filterRef = useRef<HTMLInputElement>(null);

  const names = useMemo(() => serviceNames(data, address.services), [data, address.services]);
  const shown = useMemo(() => {
    if (address.services.length > 0) {
      // One name that doesn't exist (an old link) must not cost the others.
      const known = address.services.filter((name) => isKnown(data, name));
      return known.length > 0 ? known : address.services;
    }
    if (!data) return undefined;
    const usual = data.services.filter((each) => USUAL.has(each.role)).map((each) => each.name);
    return usual.length > 0 ? usual : data.services.slice(0, 8).map((each) => each.name);
  }, [data, address.services]);

  const { session, pane, state, pause, resume, atBottom, query } = useLogSession(address, shown);
  const paused = state.mode === 'paused';
  const stats = useLogStats(session, pane, paused && state.by !== 'link' ? state.seenUntil : undefined);
  const [choice, setChoice] = useState<Choice>();
  const options = usePaneOptions(wrap, preferences, query.matcher, choice);
  usePermalink(address.at, stats?.total ?? 0, session, pane, setChoice);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session or moment has other lines
  useEffect(() => setChoice(undefined), [session, address.at]);

  const toggle = useCallback(() => {
    if (!paused) pause('button');
    else {
      if (address.at) change({ at: undefined });
      resume();
    }
  }, [paused, pause, resume, address.at, change]);
  const { state: copyState, copy } = useCopy();
  const shell = useTranslations('shell');
  useLogKeys(preferences.keys, {
    follow: () => { if (paused) toggle(); },
    pause: toggle,
    filter: () => filterRef.current?.focus(),
    top: () => { pause('scroll'); pane.current?.setFollowing(false); pane.current?.toTop(); },
    bottom: () => { if (paused && state.by !== 'button') resume(); pane.current?.toBottom(); },
    wrap: () => prefer({ wrap: !wrap }),
    next: (step) => {
      if (!session || session.view.size === 0) return;
      pause('scroll');
      const { view } = session;
      const at = choice ? view.positionOf(choice.to) + step : view.end - 1;
      const seq = view.seqAt(Math.min(view.end - 1, Math.max(view.start, at)));
      setChoice({ anchor: seq, from: seq, to: seq });
      requestAnimationFrame(() => pane.current?.reveal(seq));
    },
    copy: () => { if (session && choice && choice.from === choice.to && choice.from >= session.buffer.start) void copy(session.buffer.text(choice.from)); },
    close: () => setChoice(undefined),
  });

  const now = useMinute();
  const download = now && shown && shown.length > 0 ? `/api/logs/download?${streamQuery(address, shown, now)}` : undefined;
  const engine = data && engineErrorOf(data.engine);
  const oneService = (shown?.length ?? 0) === 1;
  const polite = !paused && stats?.arrived === 'backlog' && stats.rate < READABLE_RATE;
  return (
    <div className="full-page grid min-w-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto_auto]" data-lines={stats?.received ?? 0} data-shown={stats?.shown ?? 0} data-state={stats?.status.state ?? 'closed'}>
      <h1 className="sr-only">{t('title')}</h1>
      <LogControls address={address} change={change} names={names} shown={shown ?? []} preferences={preferences} wrap={wrap} prefer={prefer} stats={stats} problem={query.problem} paused={paused} toggle={toggle} download={download} filterRef={filterRef} />
      <div className="relative min-h-40 bg-sunken">
        {session && <LogLines session={session} pane={pane} options={options} choice={choice} oneService={oneService} polite={polite} following={!paused}
          onScrolledUp={() => pause('scroll')} onBottom={atBottom} onChoose={(seq, extend) => { setChoice((old) => choose(old, seq, extend)); pause('scroll'); }} />}
        <Blank {...{ data, shown, stats }} filtered={address.q !== '' || address.levels.length > 0} clear={() => change({ q: '', levels: [] })} />
        <div className="absolute inset-x-0 top-0 grid gap-2 p-3 empty:hidden">
          {engine ? <ErrorNotice error={engine} state="broken" /> : data?.deploymentError ? <ErrorNotice error={data.deploymentError} /> : error && !data ? <ErrorNotice error={error} state="attention" /> : null}
          {!engine && stats?.status.state === 'waiting' && stats.status.problem.code !== 'panel_unreachable' && <ErrorNotice error={stats.status.problem} state="attention" />}
        </div>
        {paused && (
          <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
            <Button kind="primary" size="sm" className="num pointer-events-auto rounded-full! shadow-overlay" onClick={toggle}><ArrowDown />{t('unseen', { unseen: stats?.unseen ?? 0 })}</Button>
          </div>
        )}
      </div>
      {session && choice ? <LineDetail session={session} choice={choice} options={options} onClose={() => setChoice(undefined)}
        link={(at) => location.origin + location.pathname + writeLogAddress({ ...address, services: [...(shown ?? [])], since: undefined, tail: undefined, at })} /> : <div hidden />}
      <LogStatus stats={stats} follow={state} services={shown?.length ?? 0} keys={preferences.keys} copied={copyState === 'done' ? shell('copied') : copyState === 'failed' ? shell('copyFailed') : ''} />
    </div>
  );
}

/** The deployment's services, and what the address names beyond them: a name gone from the directory still has its chip. */
function serviceNames(data: ServicesNow | undefined, asked: readonly string[]): { name: string; running: boolean }[] {
  const known = (data?.services ?? []).toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role)).map((each) => ({ name: each.name, running: each.container !== undefined && each.container.state === 'running' }));
  return [...known, ...asked.filter((name) => !known.some((each) => each.name === name)).map((name) => ({ name, running: false }))];
}

const isKnown = (data: ServicesNow | undefined, name: string) =>
  !data?.deployment || data.services.some((each) => each.name === name) || data.orphans.some((each) => each.service === name);

/** The time to the minute, once in the browser: the server's render would differ. */
function useMinute(): number | undefined {
  const [now, set] = useState<number>();
  useEffect(() => {
    const update = () => set(Math.floor(Date.now() / 60_000) * 60_000);
    update();
    const timer = setInterval(update, 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Phones wrap unless told otherwise. */
function useNarrow(): boolean {
  const [narrow, set] = useState(false);
  useEffect(() => {
    const query = matchMedia('(width < 640px)');
    const update = () => set(query.matches);
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return narrow;
}

function usePaneOptions(wrap: boolean, preferences: { time: string; ownTime: boolean }, matcher: PaneOptions['matcher'], choice: Choice | undefined): PaneOptions {
  const t = useTranslations('logs');
  const messages = useMessages() as { logs?: { events?: Record<string, string> } };
  const server = useTimeZone() ?? 'UTC';
  const { time: mode, ownTime } = preferences;
  const zone = mode === 'utc' || mode === 'off' ? 'UTC' : mode === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : server;
  const clock = useMemo(() => timeColumn(zone), [zone]);
  const eventWords = useCallback((line: string, service: string, micros: number) => {
    const event = readEvent(line, service);
    const known = event && messages.logs?.events?.[event.code];
    const words = known ? t(`events.${event.code}` as never, { exitCode: 'none', count: 0, detail: '', container: service, ...event.params } as never) : line;
    return [clock(micros).replace(/\.\d+$/, ''), words].filter(Boolean).join(' · ');
  }, [t, messages, clock]);
  const time = mode === 'off' ? undefined : clock;
  const secretWords = t('secretHidden');
  return useMemo(() => ({
    wrap, time, matcher, eventWords, secretWords, hideOwnTime: time !== undefined && !ownTime,
    chosen: (seq: number) => choice !== undefined && seq >= choice.from && seq <= choice.to,
  }), [wrap, time, matcher, eventWords, secretWords, ownTime, choice]);
}

/** Brings the moment that a permalink names into the middle, once it is there. */
function usePermalink(at: string | undefined, total: number, session: ReturnType<typeof useLogSession>['session'], pane: ReturnType<typeof useLogSession>['pane'], choose: (choice: Choice) => void) {
  const done = useRef<string | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever lines have come
  useEffect(() => {
    if (!at) { done.current = undefined; return; }
    if (!session || done.current === at || session.view.size === 0) return;
    const micros = Date.parse(at) * 1000 + Number(/\.\d{3}(\d{3})/.exec(at)?.[1] ?? 0);
    const { view, buffer } = session;
    if (buffer.time(view.seqAt(view.end - 1)) < micros && session.arrived !== 'backlog') return;
    let position = view.start;
    while (position < view.end - 1 && !(buffer.time(view.seqAt(position)) >= micros)) position++;
    const seq = view.seqAt(position);
    done.current = at;
    choose({ anchor: seq, from: seq, to: seq });
    requestAnimationFrame(() => { pane.current?.paint(); pane.current?.reveal(seq, true); });
  }, [at, total, session, pane, choose]);
}

type BlankProps = { data?: ServicesNow; shown?: readonly string[]; stats?: ReturnType<typeof useLogStats>; filtered: boolean; clear: () => void };

/** What stands there while no line does: why, and the way on. */
function Blank({ data, shown, stats, filtered, clear }: BlankProps) {
  const t = useTranslations('logs');
  const list = useList();
  const lines = stats?.counts.reduce((sum, each) => sum + each, 0) ?? 0;
  if (stats && stats.shown > stats.shownEvents && lines > 0) return null;
  const services = list(shown ?? []);
  const inner = (() => {
    if (data && !data.deployment && !data.deploymentError && (shown?.length ?? 0) === 0) {
      return <Empty title={t('noDeployment')} action={<ButtonLink kind="primary" href="/deployment">{t('chooseDeployment')}</ButtonLink>}>{t('noDeploymentText')}</Empty>;
    }
    if (stats && filtered && lines > 0) {
      return stats.progress < 1 ? null : <Empty title={t('noMatch', { total: lines })} action={<Button onClick={clear}>{t('clearFilter')}</Button>}>{t('noMatchText')}</Empty>;
    }
    if (data && data.engine.state !== 'ok') return null;
    if (stats?.settled) {
      const started = data?.services.some((each) => shown?.includes(each.name) && each.container);
      if (data && !started) return <Empty title={t('notStarted')} action={<ButtonLink href="/services">{t('toServices')}</ButtonLink>}>{t('notStartedText', { services })}</Empty>;
      return <Empty title={t('silent')}>{t('silentText', { services })}</Empty>;
    }
    if (stats && stats.total > 0) return null;
    if (stats?.status.state === 'waiting') return null;
    return (
      <Loading label={t('loading')} className="grid content-start gap-2 p-4">
        {['w-3/5', 'w-4/5', 'w-1/2', 'w-2/3', 'w-3/4', 'w-2/5'].map((width) => <div key={width} className="flex gap-4"><Skeleton className="h-3.5 w-24 max-sm:hidden" /><Skeleton className="h-3.5 w-14" /><Skeleton className={`h-3.5 ${width}`} /></div>)}
      </Loading>
    );
  })();
  return inner && <div className={clsx('log-blank absolute inset-x-0 bottom-0 overflow-auto', stats?.total ? 'top-16' : 'top-0')}>{inner}</div>;
}
