'use client';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { ShownError } from '../ui/error-notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import type { ConfigChange, ConfigCheck, ConfigQuestion } from './config-data.ts';
import { neverSent, typedIn } from './never-sent.ts';

const PAUSE_MS = 400;

export type Checked = { check?: ConfigCheck; error?: ShownError; checking: boolean; again: () => void };

/** What the server says to a change, asked when typing pauses. The last answer stays until the next one; nothing waits for it. */
export function useConfigCheck(change: ConfigChange | undefined, onOtherVersion: () => void): Checked {
  const body = useMemo(() => (change ? JSON.stringify({ file: 'env', change } satisfies ConfigQuestion) : undefined), [change]);
  const refused = useMemo(() => change && neverSent(typedIn(change)), [change]);
  const [answer, setAnswer] = useState<{ body: string; check?: ConfigCheck; error?: ShownError }>();
  const [round, setRound] = useState(0);
  // Asked once for each change: a caller that is drawn anew, by what this makes it read again, must not be asked about the same once more.
  const tellOtherVersion = useEffectEvent(onOtherVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    if (body === undefined) return;
    if (refused) return;
    let over = false;
    const timer = setTimeout(async () => {
      try {
        const check = await sendPanel<ConfigCheck>('/api/config/check', JSON.parse(body));
        if (!over) setAnswer({ body, check });
      } catch (error) {
        if (over) return;
        const shown = error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' };
        if (shown.code === 'config_changed') tellOtherVersion();
        // What was found before is still likelier true than nothing.
        setAnswer((old) => ({ body, check: old?.check, error: shown.code === 'config_changed' ? undefined : shown }));
      }
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [body, round, refused]);
  if (refused) return { error: refused, checking: false, again: () => {} };
  return { check: body === undefined ? undefined : answer?.check, error: body === undefined ? undefined : answer?.error, checking: body !== undefined && answer?.body !== body, again: () => setRound((old) => old + 1) };
}
