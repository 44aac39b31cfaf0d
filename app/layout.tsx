import './globals.css';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale } from 'next-intl/server';
import { isTheme } from '../i18n/locale.ts';

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2d8fe0" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M12 2l9 5v10l-9 5-9-5V7z"/><path d="M12 12l9-5M12 12v10M12 12L3 7"/></svg>',
)}`;

/** Every page carries a nonce and a session: nothing is prerendered. */
export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: { default: 'gonka-panel', template: '%s · gonka-panel' },
  robots: { index: false, follow: false },
  icons: { icon }, // inline: the sign-in page shows it too, and the gate opens no file for it
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const theme = (await cookies()).get('theme')?.value;
  return (
    <html lang={await getLocale()} data-theme={isTheme(theme) && theme !== 'system' ? theme : undefined}>
      <body>
        <NextIntlClientProvider>{children}</NextIntlClientProvider>
      </body>
    </html>
  );
}
