'use client';
import { useLocale, useTranslations } from 'next-intl';
import { listedParam } from './joined-list.ts';

const GROUPS: Record<string, 'all' | 'network' | 'ml'> = { '@all': 'all', '@network': 'network', '@ml': 'ml' };

/** What the server puts into messages as the reader's language has it: a group of services (`@ml`) and the code of a reason (`why`) in words, lists joined. All else stays as it is. */
export function useGroupWords() {
  const t = useTranslations('operationView.group');
  const reasons = useTranslations('operationView.why');
  const locale = useLocale();
  const word = (value: string): string => {
    const group = GROUPS[value];
    return group ? t(group) : value;
  };
  const one = (key: string, value: string): string => (key === 'why' && reasons.has(value as never) ? reasons(value as never) : word(listedParam(locale, key, value)));
  const params = (given: Record<string, string | number>) => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? one(key, value) : value]));
  return { word, params };
}

export const isGroup = (target: string): boolean => target in GROUPS;
