'use client';
/** The end of one service's log, live: `<LogPane service tail />` with a stream of its own, `<LogLines>` with given lines. */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { memo, useEffect, useRef, useState } from 'react';
import '../logs/logs.css';
import './log-pane.css';
import { cleanLine } from '../logs/ansi.ts';
import { readEvent } from '../logs/event-line.ts';
import { lineParts, ownTimeLength } from '../logs/line-parts.ts';
import type { StreamStatus } from '../logs/log-stream.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { type TailLine, useLogTail } from './use-log-tail.ts';

/** Longer lines are for the logs page. */
const LONGEST = 600;

const Row = memo(function Row({ line }: { line: TailLine }) {
  const t = useTranslations('logs');
  if (line.stream === 'event') {
    const event = readEvent(line.line, line.service);
    const key = event && `event.${event.code}`;
    return <div className="border-y border-dashed py-0.5 font-sans text-sm text-ink-2">{key && t.has(key as never) ? t(key as never, event.params as never) : (event?.code ?? line.line)}</div>;
  }
  const { text, runs } = cleanLine(line.line);
  const parts = lineParts(text, runs, { from: ownTimeLength(text), most: LONGEST });
  return (
    <div className="break-words whitespace-pre-wrap">
      <span className="mr-2 text-ink-3 select-none">{line.time.slice(11, 19)}</span>
      {parts.map((part, i) => (part.look ? <span key={i} className={part.look}>{part.text}</span> : part.text))}
      {text.length > LONGEST && <span className="text-ink-3"> …</span>}
    </div>
  );
});

export function LogLines({ service, lines, status, className }: { service: string; lines: readonly TailLine[]; status: StreamStatus; className?: string }) {
  const t = useTranslations('startChain');
  const box = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what moves the end
  useEffect(() => {
    if (atEnd && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, atEnd]);
  return (
    <div className="relative">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={box} role="log" aria-live="off" aria-label={t('linesOf', { service })} tabIndex={0} onScroll={(event) => {
        const el = event.currentTarget;
        // Lines that came since our own scroll also leave a distance to the end: only a move upwards is the reader's.
        const end = el.scrollHeight - el.scrollTop - el.clientHeight < 40;
        if (end || el.scrollTop < top.current) setAtEnd(end);
        top.current = el.scrollTop;
      }} className={clsx('log-view log-lines overflow-y-auto rounded-md border bg-sunken px-3 py-2', className ?? 'h-64')}>
        {lines.length === 0 ? <p className="font-sans text-base text-ink-3">{status.state === 'open' ? t('noLines', { service }) : t('connecting')}</p> : lines.map((line) => <Row key={line.seq} line={line} />)}
      </div>
      {!atEnd && <button type="button" onClick={() => setAtEnd(true)} className="absolute right-4 bottom-2 rounded-full border bg-raised px-3 py-1 text-sm font-medium shadow-overlay">{t('toEnd')}</button>}
    </div>
  );
}

export function LogPane({ service, tail, className }: { service: string; tail: number; className?: string }) {
  const { lines, status } = useLogTail([service], { tail, keep: 300 });
  return (
    <>
      {status.state === 'waiting' && <ErrorNotice error={status.problem} state="unknown" className="mb-2" />}
      <LogLines service={service} lines={(lines[service] ?? []).slice(-300)} status={status} className={className} />
    </>
  );
}
