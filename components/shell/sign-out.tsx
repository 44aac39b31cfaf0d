'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { sendPanel } from '../ui/panel-data.ts';

type Props = { as?: React.ElementType<{ onClick: () => void; disabled?: boolean; children: React.ReactNode }> };

/** Ends the session on the server, then loads the sign-in page afresh, so that nothing of the old one stays in memory. */
export function SignOut({ as: Element }: Props) {
  const t = useTranslations('shell');
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await sendPanel('/api/auth/sign-out', {});
      location.assign('/login');
    } catch {
      setBusy(false);
    }
  };
  if (Element) return <Element onClick={go} disabled={busy}>{t('signOut')}</Element>;
  return <button type="button" onClick={go} disabled={busy} className="rounded-sm whitespace-nowrap text-ink-2 hover:text-ink hover:underline">{t('signOut')}</button>;
}
