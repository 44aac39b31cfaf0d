'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useRef } from 'react';
import { holdsKeyMaterial } from '../../guard/key-material.ts';
import { type LogAddress, readLogAddress, writeLogAddress } from './log-url.ts';

/** The view's state in the address bar; changes replace the entry, so that "back" leaves the page. */
export function useLogAddress(): [LogAddress, (change: Partial<LogAddress>) => void] {
  const params = useSearchParams();
  const path = usePathname();
  const text = params.toString();
  const address = useMemo(() => readLogAddress(new URLSearchParams(text)), [text]);
  const latest = useRef(address);
  latest.current = address;
  const change = useCallback((part: Partial<LogAddress>) => {
    latest.current = { ...latest.current, ...part };
    // A recovery phrase that was pasted into the search must not be sent with the address.
    const next = writeLogAddress(latest.current);
    if (!holdsKeyMaterial(new URLSearchParams(next).toString().replaceAll('+', ' '))) history.replaceState(null, '', path + next);
  }, [path]);
  return [address, change];
}
