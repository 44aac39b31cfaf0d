'use client';
import { useEffect, useRef } from 'react';

export type LogKeyActions = { follow: () => void; pause: () => void; filter: () => void; top: () => void; bottom: () => void; wrap: () => void; next: (step: 1 | -1) => void; copy: () => void; close: () => void };

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Single keys of the log page; never while typing or in a dialog, and not at all when switched off (WCAG 2.1.4). Escape always closes. */
export function useLogKeys(enabled: boolean, actions: LogKeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || document.querySelector('dialog[open]')) return;
      const { current: on } = latest;
      if (event.key === 'Escape') { on.close(); return; }
      if (!enabled) return;
      const act = ({
        f: on.follow, p: on.pause, '/': on.filter, g: on.top, G: on.bottom, w: on.wrap, j: () => on.next(1), k: () => on.next(-1), c: on.copy,
      } as Record<string, (() => void) | undefined>)[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, [enabled]);
}
