'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { leaveFor } from '../ui/leave-guard.ts';
import { pages } from './pages.ts';

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** ⌘K / Ctrl K palette, `?` key list, `g` then a letter to a page. Single keys never fire while typing or in a dialog. */
export function useKeys(on: { openPalette: () => void; openKeys: () => void }) {
  const router = useRouter();
  const latest = useRef(on);
  latest.current = on;
  useEffect(() => {
    let goUntil = 0;
    const down = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
      if (Date.now() < goUntil) {
        goUntil = 0;
        const page = pages.find((each) => each.key === event.key);
        if (page) {
          event.preventDefault();
          event.stopImmediatePropagation();
          leaveFor(() => router.push(page.href));
        }
      } else if (event.key === 'g') goUntil = Date.now() + 900;
      else if (event.key === '?') latest.current.openKeys();
    };
    addEventListener('keydown', down, true); // before a page's own keys: `g l` isn't a page's `l`
    return () => removeEventListener('keydown', down, true);
  }, [router]);
}
