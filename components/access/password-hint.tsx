'use client';
import { useTranslations } from 'next-intl';
import { StateMark } from '../ui/state.tsx';

export const LEAST = 12;
export const passwordLength = (password: string) => [...password].length;

/** Says while typing how far the password is; the server has the last word. */
export function PasswordHint({ password }: { password: string }) {
  const t = useTranslations('setup');
  const length = passwordLength(password);
  return (
    <span className="num flex items-center gap-1.5">
      {length >= LEAST && <StateMark state="ok" />}
      {length === 0 ? t('rule', { least: LEAST }) : length < LEAST ? t('ruleMore', { more: LEAST - length }) : t('ruleDone', { length })}
    </span>
  );
}
