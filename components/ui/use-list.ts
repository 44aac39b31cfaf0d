'use client';
import { useLocale } from 'next-intl';
import { joinedList } from './joined-list.ts';

/** Joins names as the reader's language does. */
export function useList(): (names: readonly string[]) => string {
  const locale = useLocale();
  return (names) => joinedList(locale, names);
}
