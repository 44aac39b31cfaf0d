'use client';
import { useEffect, useState } from 'react';
import type { LogSession } from './log-session.ts';
import type { LinePane } from './line-pane.ts';
import type { StreamStatus } from './log-stream.ts';

export type LogStats = {
  status: StreamStatus; heldBy?: 'full' | 'hidden'; arrived: LogSession['arrived'];
  shown: number; shownEvents: number; total: number; unseen: number; dropped: number; unreachable: number; lost: number; received: number;
  /** Lines a second. */
  rate: number;
  /** 0 to 1: how much of the buffer the filter has looked through. */
  progress: number;
  counts: readonly number[];
  /** The stream has been open for a while: what isn't there by now isn't on its way. */
  settled: boolean;
};

const EVERY_MS = 250;
const SETTLED_MS = 1200;

function look(session: LogSession, pane: LinePane | null, seenUntil: number | undefined): LogStats {
  const { buffer, view } = session;
  return {
    status: session.status, heldBy: session.heldBy, arrived: session.arrived, shown: view.size, shownEvents: view.events, total: buffer.size, dropped: buffer.dropped, lost: session.lost, received: session.received,
    unseen: seenUntil === undefined ? 0 : view.end - view.positionOf(seenUntil), unreachable: pane?.unreachable ?? 0,
    rate: Math.round(session.rate(performance.now()) * 10) / 10, progress: view.behind ? view.progress : 1, counts: [...buffer.counts],
    settled: performance.now() - session.openedAt > SETTLED_MS,
  };
}

/** The numbers around the lines, four times a second at most and only when they change. `seenUntil`: standing still since that line. */
export function useLogStats(session: LogSession | undefined, pane: React.RefObject<LinePane | null>, seenUntil: number | undefined): LogStats | undefined {
  const [stats, set] = useState<LogStats>();
  useEffect(() => {
    if (!session) return;
    let last = '';
    const update = () => {
      const now = look(session, pane.current, seenUntil);
      const text = JSON.stringify(now);
      if (text === last) return;
      last = text;
      set(now);
    };
    update();
    const timer = setInterval(update, EVERY_MS);
    return () => clearInterval(timer);
  }, [session, pane, seenUntil]);
  return stats;
}
