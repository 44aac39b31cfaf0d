'use client';
import { useTranslations } from 'next-intl';

const GROUPS: Record<string, 'all' | 'network' | 'ml'> = { '@all': 'all', '@network': 'network', '@ml': 'ml' };

/** A group of services, as the journal names it (`@ml`), in words. What is no group stays as it is. */
export function useGroupWords() {
  const t = useTranslations('operationView.group');
  const word = (value: string): string => {
    const group = GROUPS[value];
    return group ? t(group) : value;
  };
  const params = (given: Record<string, string | number>) => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? word(value) : value]));
  return { word, params };
}

export const isGroup = (target: string): boolean => target in GROUPS;
