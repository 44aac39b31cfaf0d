'use client';
/** The frame of every signed-in page: rail on wide screens, bottom bar on phones, palette (⌘K), key list (?). */
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { SWRConfig } from 'swr';
import { BottomBar } from './bottom-bar.tsx';
import { KeyList } from './key-list.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { useKeys } from './use-keys.ts';

export function Shell({ user, children }: { user: string; children: React.ReactNode }) {
  const t = useTranslations('shell');
  const [overlay, setOverlay] = useState<'palette' | 'keys' | null>(null);
  const close = useCallback(() => setOverlay(null), []);
  useKeys({ openPalette: () => setOverlay('palette'), openKeys: () => setOverlay('keys') });
  return (
    <SWRConfig value={{ revalidateOnFocus: true, shouldRetryOnError: true }}>
      <a href="#main" className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2">{t('skip')}</a>
      <div className="min-h-dvh md:grid md:grid-cols-[208px_minmax(0,1fr)]">
        <Rail user={user} openPalette={() => setOverlay('palette')} />
        <main id="main" tabIndex={-1} className="min-w-0 pb-[var(--bar)] outline-none">{children}</main>
        <BottomBar user={user} openPalette={() => setOverlay('palette')} />
      </div>
      <Palette open={overlay === 'palette'} onClose={close} />
      <KeyList open={overlay === 'keys'} onClose={close} />
    </SWRConfig>
  );
}
