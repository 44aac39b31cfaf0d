'use client';
/** `useTick(ms)`: the time, moving on every `ms` from one shared timer a step; on the server and while hydrating it is the server's own. */
import { useNow } from 'next-intl';
import { useCallback, useSyncExternalStore } from 'react';

type Ticker = { now: number; listeners: Set<() => void>; timer?: ReturnType<typeof setInterval> };
const tickers = new Map<number, Ticker>();

function tickerOf(every: number): Ticker {
  const known = tickers.get(every);
  if (known) return known;
  const ticker: Ticker = { now: Date.now(), listeners: new Set() };
  tickers.set(every, ticker);
  return ticker;
}

export function useTick(every = 1000): number {
  const server = useNow().getTime();
  const subscribe = useCallback((listener: () => void) => {
    const ticker = tickerOf(every);
    ticker.listeners.add(listener);
    ticker.timer ??= setInterval(() => {
      ticker.now = Date.now();
      for (const each of ticker.listeners) each();
    }, every);
    return () => {
      ticker.listeners.delete(listener);
      if (ticker.listeners.size) return;
      clearInterval(ticker.timer);
      ticker.timer = undefined;
    };
  }, [every]);
  return useSyncExternalStore(subscribe, () => {
    const ticker = tickerOf(every);
    if (!ticker.timer && Date.now() - ticker.now >= every) ticker.now = Date.now(); // nobody watched for a while
    return ticker.now;
  }, () => server);
}
