'use client';
/**
 * A page with something unsaved is asked before it is left. `leaveFor(go)`: call it where code goes to another page (keys, palette).
 * `useLeaveGuard(active)` gives the way out that waits for an answer: links inside the panel are held, the browser asks for all else.
 */
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';

let guard: ((go: () => void) => void) | undefined;

export function leaveFor(go: () => void): void {
  if (guard) guard(go);
  else go();
}

/** The address that a click on a link of the panel leads away to, if it does. */
function awayTo(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.pathname === location.pathname) return undefined;
  return link.pathname + link.search + link.hash;
}

export function useLeaveGuard(active: boolean): { waiting: boolean; stay: () => void; leave: () => void } {
  const router = useRouter();
  const [way, setWay] = useState<{ go: () => void }>();
  useEffect(() => {
    if (!active) return;
    const ask = (go: () => void) => setWay({ go });
    guard = ask;
    const click = (event: MouseEvent) => {
      const href = awayTo(event);
      if (!href) return;
      event.preventDefault();
      event.stopPropagation();
      ask(() => router.push(href));
    };
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('click', click, true);
    addEventListener('beforeunload', unload);
    return () => {
      if (guard === ask) guard = undefined;
      removeEventListener('click', click, true);
      removeEventListener('beforeunload', unload);
    };
  }, [active, router]);
  const stay = useCallback(() => setWay(undefined), []);
  const leave = () => {
    guard = undefined;
    setWay(undefined);
    way?.go();
  };
  return { waiting: way !== undefined, stay, leave };
}
