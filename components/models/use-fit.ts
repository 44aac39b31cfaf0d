'use client';
import { useEffect, useState } from 'react';
import type { ShownError } from '../ui/error-notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import type { FitAnswer, FitQuestion } from './models-data.ts';

const PAUSE_MS = 200;

/** What fits typed servers, asked again a moment after the last change; the last answer stays meanwhile. */
export function useFit(question: FitQuestion | undefined): { answer?: FitAnswer; error?: ShownError; asking: boolean } {
  const [state, set] = useState<{ key: string; answer?: FitAnswer; error?: ShownError }>({ key: '' });
  const key = question ? JSON.stringify(question) : '';
  useEffect(() => {
    if (!key) return;
    let current = true;
    const timer = setTimeout(() => {
      sendPanel<FitAnswer>('/api/models/fit', JSON.parse(key)).then(
        (answer) => current && set({ key, answer }),
        (error: unknown) => current && set((old) => ({ key, answer: old.answer, error: error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' } })),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  return key ? { answer: state.answer, error: state.key === key ? state.error : undefined, asking: state.key !== key } : { asking: false };
}
