'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { sendPanel } from '../ui/panel-data.ts';

/** Ends the session on the server, then loads the sign-in page afresh, so that nothing of the old one stays in memory. */
export function SignOut({ button }: { button?: boolean }) {
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
  if (button) return <Button onClick={go} busy={busy}>{t('signOut')}</Button>;
  return <button type="button" onClick={go} disabled={busy} className="rounded-sm whitespace-nowrap text-ink-2 hover:text-ink hover:underline">{t('signOut')}</button>;
}
