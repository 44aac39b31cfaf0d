'use client';
import { useCallback, useSyncExternalStore } from 'react';
import type { TimeMode } from './time-column.ts';

/** A person's own habits, kept in this browser. `wrap` undefined: as the width of the screen suggests. */
export type LogPreferences = { wrap?: boolean; time: TimeMode; ownTime: boolean; keys: boolean };
const usual: LogPreferences = { time: 'server', ownTime: false, keys: true };
const NAME = 'logs';

let known: LogPreferences | undefined;
const listeners = new Set<() => void>();

function read(): LogPreferences {
  if (known) return known;
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<LogPreferences>;
    known = {
      wrap: typeof kept.wrap === 'boolean' ? kept.wrap : undefined,
      time: kept.time === 'utc' || kept.time === 'off' || kept.time === 'browser' ? kept.time : 'server',
      ownTime: kept.ownTime === true,
      keys: kept.keys !== false,
    };
  } catch {
    known = usual;
  }
  return known;
}

export function useLogPreferences(): [LogPreferences, (change: Partial<LogPreferences>) => void] {
  const preferences = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, read, () => usual);
  const change = useCallback((part: Partial<LogPreferences>) => {
    known = { ...read(), ...part };
    try { localStorage.setItem(NAME, JSON.stringify(known)); } catch { /* private window: for this visit only */ }
    for (const each of listeners) each();
  }, []);
  return [preferences, change];
}
