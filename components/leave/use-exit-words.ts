'use client';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { useErrorWords } from '../ui/error-notice.tsx';
import { exitWords } from './exit-words.ts';

export function useExitWords() {
  const t = useTranslations('exit');
  const format = useFormatter();
  const locale = useLocale();
  const errors = useErrorWords();
  return exitWords({
    say: (key, params) => (t.has(key as never) ? t(key as never, params as never) : undefined),
    error: ({ code, params }) => errors({ code, params }).what,
    number: (value) => format.number(value),
    locale,
  });
}
