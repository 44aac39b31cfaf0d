'use client';
/** `<RevealDialog variable onClose />`: a secret's value for a short time, after the password was given again. It is forgotten with the dialog. */
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { Countdown } from '../ui/time-ago.tsx';
import type { RevealQuestion } from './config-data.ts';

const SHOWN_MS = 30_000;

export function RevealDialog({ variable, onClose }: { variable: string | undefined; onClose: () => void }) {
  return variable === undefined ? null : <Revealing key={variable} variable={variable} onClose={onClose} />;
}

function Revealing({ variable, onClose }: { variable: string; onClose: () => void }) {
  const t = useTranslations('config.reveal');
  const shell = useTranslations('shell');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const [shown, setShown] = useState<{ value: string; until: number }>();
  useEffect(() => {
    if (!shown) return;
    const hide = () => setShown(undefined);
    const timer = setTimeout(hide, shown.until - Date.now());
    const away = () => document.visibilityState === 'hidden' && hide();
    document.addEventListener('visibilitychange', away);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', away);
    };
  }, [shown]);
  const ask = async (event: React.FormEvent) => {
    event.preventDefault();
    if (busy || !password) return;
    setBusy(true);
    setError(undefined);
    try {
      const { value } = await sendPanel<{ value: string }>('/api/config/reveal', { variable, password } satisfies RevealQuestion);
      setShown({ value, until: Date.now() + SHOWN_MS });
    } catch (failed) {
      setError(failed instanceof RequestFailed ? failed.shown : { code: 'panel_unreachable' });
    }
    setPassword('');
    setBusy(false);
  };
  return (
    <Dialog open onClose={onClose} title={t('title', { name: variable })} footer={<Button onClick={onClose}>{shell('close')}</Button>}>
      {shown ? (
        <>
          <div className="relative rounded-md border bg-sunken">
            <pre className="px-3 py-2.5 pr-11 text-base break-all whitespace-pre-wrap">{shown.value}</pre>
            <CopyButton text={shown.value} className="absolute top-1 right-1" />
          </div>
          <p className="text-sm text-ink-3">{t('hidesIn')} <Countdown to={shown.until} /></p>
        </>
      ) : (
        <form onSubmit={ask} className="grid gap-3">
          <p className="text-base text-ink-2">{t('text')}</p>
          <Field label={t('password')}>{(a) => <Input {...a} type="password" autoComplete="current-password" data-autofocus value={password} onChange={(event) => setPassword(event.target.value)} />}</Field>
          {error && <ErrorNotice error={error} />}
          <div><Button type="submit" kind="primary" busy={busy} disabled={!password}>{t('show')}</Button></div>
        </form>
      )}
    </Dialog>
  );
}
