'use client';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { useOperationWords } from '../operations/operation-words.ts';
import { useErrorWords } from '../ui/error-notice.tsx';
import { exitWords } from './exit-words.ts';

export function useExitWords() {
  const t = useTranslations('exit');
  const format = useFormatter();
  const locale = useLocale();
  const errors = useErrorWords();
  const operation = useOperationWords();
  return exitWords({
    say: (key, params) => (t.has(key as never) ? t(key as never, { ...params, ...(typeof params?.phase === 'string' ? { phase: operation.phase(params.phase) } : {}) } as never) : undefined),
    error: ({ code, params }) => errors({ code, params }).what,
    number: (value) => format.number(value),
    locale,
  });
}
