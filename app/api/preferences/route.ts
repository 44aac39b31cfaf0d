import { cookies } from 'next/headers';
import { isLocale, isTheme } from '../../../i18n/locale.ts';

const YEAR = 365 * 86_400;

/**
 * Language and theme, as cookies. The one change that needs no session: the sign-in page offers it too, it reads and writes
 * nothing of the host, and both values come from closed lists. JSON `{ locale?: 'en'|'zh', theme?: 'light'|'dark'|'system' }`.
 */
export async function POST(request: Request): Promise<Response> {
  const body: unknown = await request.json().catch(() => undefined);
  const { locale, theme } = (body ?? {}) as { locale?: unknown; theme?: unknown };
  if ((locale !== undefined && !isLocale(locale)) || (theme !== undefined && !isTheme(theme)) || (locale === undefined && theme === undefined)) {
    return Response.json({ error: { code: 'bad_request', params: {} } }, { status: 400 });
  }
  const jar = await cookies();
  const options = { path: '/', maxAge: YEAR, sameSite: 'lax', httpOnly: true } as const;
  if (isLocale(locale)) jar.set('locale', locale, options);
  if (theme === 'system') jar.delete('theme');
  else if (isTheme(theme)) jar.set('theme', theme, options);
  return Response.json({ ok: true });
}
