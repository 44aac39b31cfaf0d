import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './panel-process.ts';

export type Language = 'en' | 'zh';

/** What a person reads: tests name things by the product's own messages, so that both languages are walked by one spec. */
export function words(language: Language): (key: string, params?: Record<string, string | number>) => string {
  const all = JSON.parse(readFileSync(path.join(root, `messages/${language}.json`), 'utf8')) as unknown;
  return (key, params = {}) => {
    const found = key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], all);
    if (typeof found !== 'string') throw new Error(`messages/${language}.json has no ${key}`);
    return found.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(params[name] ?? `{${name}}`));
  };
}
