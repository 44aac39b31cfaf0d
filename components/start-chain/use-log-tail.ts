'use client';
import { useEffect, useRef, useState } from 'react';
import { readRuns } from '../logs/log-run.ts';
import { openLogStream, type StreamStatus } from '../logs/log-stream.ts';

/** A line of the stream; `seq` numbers the lines of this tab. */
export type TailLine = { service: string; stream: 'stdout' | 'stderr' | 'event'; time: string; line: string; seq: number };

/** New lines are shown this often (ms): a node that catches up prints thousands a second. */
const SHOW_MS = 200;

/** A tab that nobody sees lets go of its stream after this long (ms); back in sight it reads the tail anew. */
const UNSEEN_MS = 20_000;

function useSeen(): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setSeen(true);
      else timer = setTimeout(() => setSeen(false), UNSEEN_MS);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return seen;
}

/**
 * The last `keep` lines of each service, live. `onLines` gets every line once, in order, before it is shown.
 * One stream for all services: a browser opens only six connections to the panel.
 */
export function useLogTail(services: readonly string[], { tail, keep = 400, onLines }: { tail: number; keep?: number; onLines?: (lines: TailLine[]) => void }) {
  const [lines, setLines] = useState<Record<string, TailLine[]>>({});
  const [status, setStatus] = useState<StreamStatus>({ state: 'connecting' });
  const take = useRef(onLines);
  take.current = onLines;
  const names = services.join('\n');
  const seen = useSeen();
  useEffect(() => {
    if (!names || !seen) return;
    const kept: Record<string, TailLine[]> = {};
    let seq = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setLines({ ...kept });
    };
    const query = new URLSearchParams(names.split('\n').map((name): [string, string] => ['service', name]));
    query.set('tail', String(tail));
    const stream = openLogStream({
      url: `/api/logs/stream?${query}`,
      onStatus: setStatus,
      onSignedOut: () => location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`),
      onMessages: (messages) => {
        for (const message of messages) {
          if (message.event !== 'message') continue;
          const batch = readRuns(message.data).flatMap(({ service, stream, times, lines }) => lines.map((line, i): TailLine => ({ service, stream, time: times[i] as string, line, seq: ++seq })));
          take.current?.(batch);
          for (const name of new Set(batch.map((line) => line.service))) kept[name] = (kept[name] ?? []).concat(batch.filter((line) => line.service === name)).slice(-keep);
        }
        timer ??= setTimeout(show, SHOW_MS);
      },
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [names, tail, keep, seen]);
  return { lines, status };
}
