export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];
export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

export const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale);
export const isTheme = (value: unknown): value is Theme => themes.includes(value as Theme);

/** The cookie's language, else the first one of Accept-Language (by q) that the panel speaks, else English. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';');
      const q = rest.map((x) => x.trim()).find((x) => x.startsWith('q='));
      return { tag: tag.split('-')[0], q: q ? Number(q.slice(2)) || 0 : 1 };
    })
    .filter((x) => x.q > 0)
    .sort((a, b) => b.q - a.q);
  const first = wanted.find((x) => isLocale(x.tag));
  return isLocale(first?.tag) ? first.tag : 'en';
}
