'use client';
import { useTranslations } from 'next-intl';
import type { FitReason, ReasonedToken } from './models-data.ts';

/** Sentences for reasons and arguments; a code without words shows itself. */
export function useFitWords() {
  const t = useTranslations('models');
  return {
    reason: ({ code, params }: Pick<FitReason, 'code' | 'params'>): string => (t.has(`fit.${code}` as never) ? t(`fit.${code}` as never, params as never) : code),
    argument: ({ reason }: ReasonedToken): string => t(`reasons.${reason}` as never),
  };
}
