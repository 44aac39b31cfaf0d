import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { chooseLocale } from './locale.ts';
import en from '#messages/en.json';
import zh from '#messages/zh.json';

/** Times are the server's: the zone that the operator's logs and cron speak, named wherever a time stands. */
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export default getRequestConfig(async () => {
  const locale = chooseLocale((await cookies()).get('locale')?.value, (await headers()).get('accept-language'));
  return { locale, messages: locale === 'zh' ? zh : en, timeZone, now: new Date() };
});
