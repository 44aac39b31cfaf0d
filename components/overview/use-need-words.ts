'use client';
import { useMessages, useTranslations } from 'next-intl';
import { useErrorWords } from '../ui/error-notice.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import type { Need } from './overview-data.ts';

/** Title and text of a need: its own words under `overview.needs`, those of an error, or those of a deployment problem. */
export function useNeedWords() {
  const messages = useMessages() as Record<string, unknown>;
  const t = useTranslations();
  const errorWords = useErrorWords();
  const groups = useGroupWords();
  const at = (path: string): unknown => path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], messages);
  return ({ key, params }: Need): { title: string; text?: string } => {
    if (key.startsWith('errors.')) {
      const words = errorWords({ code: key.slice('errors.'.length), params });
      return { title: words.what, text: [words.means, words.next].filter(Boolean).join(' ') };
    }
    const say = (path: string) => (typeof at(path) === 'string' ? t(path as never, groups.params(params) as never) : undefined);
    const whole = say(key);
    if (whole) return { title: whole };
    const title = ['title', 'what'].map((part) => say(`${key}.${part}`)).find(Boolean);
    const text = ['text', 'means', 'next'].map((part) => say(`${key}.${part}`)).filter(Boolean).join(' ');
    return title ? { title, text: text || undefined } : { title: key };
  };
}
