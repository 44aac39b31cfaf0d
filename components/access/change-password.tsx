'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { LEAST, PasswordHint, passwordLength } from './password-hint.tsx';

const empty = { current: '', next: '', again: '' };

/** A new password ends every other session of the account. */
export function ChangePassword({ username }: { username: string }) {
  const t = useTranslations('settings');
  const setup = useTranslations('setup');
  const [form, setForm] = useState(empty);
  const [tried, setTried] = useState(false);
  const [state, setState] = useState<'idle' | 'busy' | 'done' | 'wrong' | ShownError>('idle');
  const set = (key: keyof typeof empty) => (event: React.ChangeEvent<HTMLInputElement>) => { setForm({ ...form, [key]: event.target.value }); if (state !== 'busy') setState('idle'); };

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (state === 'busy' || !form.current || passwordLength(form.next) < LEAST || form.next !== form.again) return;
    setState('busy');
    try {
      await sendPanel('/api/auth/change-password', { currentPassword: form.current, newPassword: form.next, revokeOtherSessions: true });
      setForm(empty);
      setTried(false);
      setState('done');
    } catch (thrown) {
      const failed = thrown instanceof RequestFailed ? thrown : undefined;
      setState(failed && (failed.shown.code === 'INVALID_PASSWORD' || failed.shown.code === 'password_wrong') ? 'wrong' : (failed?.shown ?? { code: 'unexpected' }));
    }
  };

  return (
    <form method="post" onSubmit={submit} className="grid max-w-sm gap-4" noValidate>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field label={t('currentPassword')} error={state === 'wrong' ? t('currentWrong') : tried && !form.current ? t('currentMissing') : undefined}>
        {(a) => <Input {...a} type="password" autoComplete="current-password" maxLength={256} value={form.current} onChange={set('current')} />}
      </Field>
      <Field label={t('newPassword')} help={<PasswordHint password={form.next} />} error={tried && passwordLength(form.next) < LEAST ? setup('tooShort', { least: LEAST }) : undefined}>
        {(a) => <Input {...a} type="password" autoComplete="new-password" maxLength={256} value={form.next} onChange={set('next')} />}
      </Field>
      <Field label={t('newAgain')} error={tried && form.again !== form.next ? setup('differ') : undefined}>
        {(a) => <Input {...a} type="password" autoComplete="new-password" maxLength={256} value={form.again} onChange={set('again')} />}
      </Field>
      {typeof state === 'object' && <ErrorNotice error={state} />}
      {state === 'done' && <Notice state="ok" live title={t('changed')}>{t('changedText')}</Notice>}
      <div><Button type="submit" kind="primary" busy={state === 'busy'}>{t('change')}</Button></div>
    </form>
  );
}
