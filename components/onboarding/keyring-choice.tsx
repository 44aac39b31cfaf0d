'use client';
import { useTranslations } from 'next-intl';
import { Segments } from '../ui/segments.tsx';
import type { KeyringBackend } from './local-commands.ts';

/** In which keyring the account key was made. */
export function KeyringChoice({ value, onChange }: { value: KeyringBackend; onChange: (backend: KeyringBackend) => void }) {
  const t = useTranslations('accountKey.make');
  return <div className="flex flex-wrap items-center gap-2"><span aria-hidden="true" className="text-sm text-ink-3">{t('keyring')}</span><Segments label={t('keyring')} value={value} options={[{ value: 'file', label: t('file.name') }, { value: 'os', label: t('os.name') }]} onChange={onChange} /></div>;
}
