'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { useDuration } from '../ui/duration.ts';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';

/** Only a path of our own: `//evil.example` and `/\evil` are other hosts to a browser. */
export const safeNext = (next: string | undefined) => (next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/');

export function SignInForm({ next }: { next?: string }) {
  const t = useTranslations('login');
  const duration = useDuration();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError | 'wrong' | null>(null);
  const [wait, setWait] = useState(0);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || wait > 0) return;
    const form = new FormData(event.currentTarget);
    const box = event.currentTarget.elements.namedItem('password') as HTMLInputElement;
    setBusy(true);
    setError(null);
    try {
      await sendPanel('/api/auth/sign-in/username', { username: String(form.get('username')).trim(), password: String(form.get('password')) });
      location.assign(safeNext(next));
    } catch (thrown) {
      const failed = thrown instanceof RequestFailed ? thrown : undefined;
      setBusy(false);
      if (failed?.status === 429) setWait(Math.ceil(failed.retryAfter ?? 60));
      else if (failed?.shown.code === 'key_material') setError(failed.shown);
      else if (failed?.status === 401 || failed?.status === 400 || failed?.status === 422) setError('wrong');
      else setError(failed?.shown ?? { code: 'unexpected' });
      box.select();
    }
  };

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      {wait > 0 && <Notice state="attention" live title={t('waitTitle')}>{t('waitText')} <b className="num">{duration(wait * 1000)}</b></Notice>}
      {wait <= 0 && error === 'wrong' && <Notice state="broken" live title={t('wrongTitle')}>{t('wrongText')}</Notice>}
      {error && error !== 'wrong' && <ErrorNotice error={error} />}
      <Field label={t('username')}>{(a) => <Input {...a} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus maxLength={64} />}</Field>
      <Field label={t('password')}>{(a) => <Input {...a} name="password" type="password" autoComplete="current-password" required maxLength={256} />}</Field>
      <Button type="submit" kind="primary" size="lg" busy={busy} disabled={wait > 0} className="mt-1">{t('signIn')}</Button>
      <details className="text-base text-ink-2">
        <summary className="w-fit rounded-sm hover:text-ink">{t('forgot')}</summary>
        <p className="pt-2">{t('forgotText')}</p>
        <code className="mt-2 block rounded-md border bg-sunken px-3 py-2 break-words">npm run admin -- reset-password NAME</code>
      </details>
    </form>
  );
}
