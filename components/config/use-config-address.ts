'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useRef } from 'react';
import { type ConfigAddress, readConfigAddress, writeConfigAddress } from './config-address.ts';

/** The page's state in the address bar; changes replace the entry, so that "back" leaves the page. */
export function useConfigAddress(): [ConfigAddress, (change: Partial<ConfigAddress>) => void] {
  const text = useSearchParams().toString();
  const path = usePathname();
  const address = useMemo(() => readConfigAddress(new URLSearchParams(text)), [text]);
  const latest = useRef(address);
  latest.current = address;
  const change = useCallback((part: Partial<ConfigAddress>) => {
    latest.current = { ...latest.current, ...part };
    history.replaceState(null, '', path + writeConfigAddress(latest.current));
  }, [path]);
  return [address, change];
}
