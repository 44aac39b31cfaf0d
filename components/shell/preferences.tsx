'use client';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useEffect, useState, useTransition } from 'react';
import type { Locale, Theme } from '../../i18n/locale.ts';
import { sendPanel } from '../ui/panel-data.ts';
import { Segments } from '../ui/segments.tsx';

/** Language and theme, kept in cookies. Before sign-in (`compact`) a new language reloads: the gate lets no partial page through there. */
export function Preferences({ compact }: { compact?: boolean }) {
  const t = useTranslations('shell');
  const locale = useLocale() as Locale;
  const router = useRouter();
  const [, start] = useTransition();
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme((document.documentElement.dataset.theme as Theme | undefined) ?? 'system'), []);
  const keep = async (choice: { locale?: Locale; theme?: Theme }) => {
    await sendPanel('/api/preferences', choice).catch(() => undefined);
    if (!choice.locale) return;
    if (compact) location.reload();
    else start(() => router.refresh());
  };
  return (
    <div className={compact ? 'flex flex-wrap items-center justify-center gap-2' : 'flex flex-wrap items-center gap-x-6 gap-y-3'}>
      <Segments label={t('language')} value={locale} onChange={(next) => keep({ locale: next })}
        options={[{ value: 'en', label: 'English', lang: 'en' }, { value: 'zh', label: '中文', lang: 'zh' }]} />
      <Segments label={t('theme')} value={theme}
        onChange={(next) => {
          setTheme(next);
          if (next === 'system') delete document.documentElement.dataset.theme;
          else document.documentElement.dataset.theme = next;
          void keep({ theme: next });
        }}
        options={[{ value: 'system', label: t('themeSystem') }, { value: 'light', label: t('themeLight') }, { value: 'dark', label: t('themeDark') }]} />
    </div>
  );
}
