'use client';
import { useEffect } from 'react';
import { usePanelData } from '../ui/panel-data.ts';
import type { ServicesNow } from './services-data.ts';

/** The services, read anew whenever a container changes (events of the engine); without events every 10 s. */
export function useServices() {
  const { data, error, isLoading, reload } = usePanelData<ServicesNow>('/api/services', { every: 10_000 });
  useEffect(() => {
    let source: EventSource | undefined;
    const open = () => {
      if (document.visibilityState === 'hidden' || source) return;
      source = new EventSource('/api/services/stream');
      source.addEventListener('changed', () => void reload());
    };
    const close = () => {
      source?.close();
      source = undefined;
    };
    const look = () => (document.visibilityState === 'hidden' ? close() : open());
    open();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      close();
    };
  }, [reload]);
  return { services: data, error, isLoading, reload };
}
