'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorNotice, useErrorWords, type ShownError } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { LEAST, PasswordHint, passwordLength } from './password-hint.tsx';
import { NoLink } from './no-link.tsx';

export function SetupForm({ token }: { token: string }) {
  const t = useTranslations('setup');
  const words = useErrorWords();
  const [busy, setBusy] = useState(false);
  const [username, setUsername] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ShownError | null>(null);
  const [closed, setClosed] = useState<'used' | 'done' | null>(null);
  if (closed) return <NoLink why={closed} />;

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (busy || passwordLength(password) < LEAST || password !== again) return;
    setBusy(true);
    setError(null);
    try {
      await sendPanel('/api/setup', { token, username: username.trim(), password });
      // The admin exists now whatever comes next: a failed sign-in goes to the ordinary page.
      await sendPanel('/api/auth/sign-in/username', { username: username.trim(), password }).then(() => location.assign('/'), () => location.assign('/login'));
    } catch (thrown) {
      setBusy(false);
      const failed = thrown instanceof RequestFailed ? thrown : undefined;
      if (failed?.status === 403) setClosed('used');
      else if (failed?.status === 409 && failed.shown.code === 'setup_closed') setClosed('done');
      else setError(failed?.shown ?? { code: 'unexpected' });
    }
  };

  const aboutName = error?.code.startsWith('username_') ? words(error) : undefined;
  const aboutPassword = error?.code.startsWith('password_') ? words(error) : undefined;
  const short = tried && passwordLength(password) < LEAST;
  return (
    <form method="post" onSubmit={submit} className="grid gap-4" noValidate>
      {error && !aboutName && !aboutPassword && <ErrorNotice error={error} />}
      <Field label={t('username')} help={t('usernameHelp')} error={aboutName && <>{aboutName.what} {aboutName.next}</>}>
        {(a) => <Input {...a} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={40} value={username} onChange={(e) => setUsername(e.target.value)} />}
      </Field>
      <Field label={t('password')} help={<PasswordHint password={password} />} error={aboutPassword ? <>{aboutPassword.what} {aboutPassword.next}</> : short ? t('tooShort', { least: LEAST }) : undefined}>
        {(a) => <Input {...a} name="password" type="password" autoComplete="new-password" required maxLength={256} value={password} onChange={(e) => setPassword(e.target.value)} />}
      </Field>
      <Field label={t('again')} error={tried && again !== password ? t('differ') : undefined}>
        {(a) => <Input {...a} name="again" type="password" autoComplete="new-password" required maxLength={256} value={again} onChange={(e) => setAgain(e.target.value)} />}
      </Field>
      <Button type="submit" kind="primary" size="lg" busy={busy} className="mt-1">{t('create')}</Button>
    </form>
  );
}
