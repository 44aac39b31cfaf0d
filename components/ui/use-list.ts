'use client';
import { useLocale } from 'next-intl';
import { useCallback } from 'react';
import { joinedList } from './joined-list.ts';

/** Joins names as the reader's language does; the same function as long as the language stays. */
export function useList(): (names: readonly string[]) => string {
  const locale = useLocale();
  return useCallback((names) => joinedList(locale, names), [locale]);
}
