'use client';
/** `<ResetDialog part onClose onStarted />`: the typed phrase, the backup's passphrase twice, and a reason where one is asked for. */
import type { ResetPartView } from '#lib/operations/reset/schema.ts';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { holdsKeyMaterial } from '../../guard/key-material.ts';
import { WhatSpeaksAgainst } from '../operations/what-speaks-against.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, Input, TextArea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';

const LEAST_REASON = 10;

export function ResetDialog({ part, passphraseMin, onClose, onStarted }: { part: ResetPartView; passphraseMin: number; onClose: () => void; onStarted: (id: string) => void }) {
  const t = useTranslations('reset');
  const shell = useTranslations('shell');
  const bytes = useBytes();
  const [phrase, setPhrase] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const form = useRef<HTMLFormElement>(null);
  const name = t(`part.${part.part}.title`);
  const needsBackup = part.holdsKey && !part.backup;
  const short = needsBackup && passphrase !== '' && passphrase.length < passphraseMin;
  const padded = passphrase !== passphrase.trim();
  const differs = needsBackup && again !== '' && again !== passphrase;
  const ready = phrase === part.phrase && (!needsBackup || (passphrase.length >= passphraseMin && !padded && again === passphrase)) && (part.reasons.length === 0 || reason.trim().length >= LEAST_REASON);
  const start = async (event: React.FormEvent) => {
    event.preventDefault();
    if (busy || !ready) return;
    // A recovery phrase stays in this browser.
    if (holdsKeyMaterial({ passphrase, reason })) return setError({ code: 'key_material' });
    setBusy(true);
    setError(undefined);
    try {
      const { id } = await sendPanel<{ id: string }>('/api/leave/reset', { part: part.part, phrase, listing: part.listing, ...(needsBackup ? { passphrase } : {}), ...(part.reasons.length > 0 ? { reason: reason.trim(), shown: part.reasons.map(({ why }) => why) } : {}) });
      onStarted(id);
    } catch (failed) {
      setError(failed instanceof RequestFailed ? failed.shown : { code: 'panel_unreachable' });
      setBusy(false);
    }
  };
  return (
    <Dialog open busy={busy} onClose={onClose} title={t('ask', { part: name })} footer={
      <>
        <Button onClick={onClose} disabled={busy}>{shell('cancel')}</Button>
        <Button kind="danger" busy={busy} disabled={!ready} onClick={() => form.current?.requestSubmit()}>{t('delete', { part: name })}</Button>
      </>
    }>
      <form ref={form} onSubmit={start} className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Notice state="attention" title={t('goes', { size: bytes(part.bytes) })}><p>{t(`part.${part.part}.means`)}</p></Notice>
        {needsBackup && (
          <>
            <p className="text-base text-ink-2">{t('backup.text')}</p>
            <Field label={t('backup.passphrase')} help={t('backup.help', { min: passphraseMin })} error={short ? t('backup.short', { min: passphraseMin }) : padded ? t('backup.padded') : undefined}>{(a) => <Input {...a} type="password" autoComplete="new-password" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />}</Field>
            <Field label={t('backup.again')} error={differs ? t('backup.differs') : undefined}>{(a) => <Input {...a} type="password" autoComplete="new-password" value={again} onChange={(event) => setAgain(event.target.value)} />}</Field>
          </>
        )}
        {part.holdsKey && part.backup && <Notice state="ok" title={t('backupThere')} />}
        {part.reasons.length > 0 && (
          <>
            <Notice state="attention"><WhatSpeaksAgainst reasons={part.reasons} /></Notice>
            <Field label={t('reason')}>{(a) => <TextArea {...a} value={reason} onChange={(event) => setReason(event.target.value)} />}</Field>
          </>
        )}
        <Field label={t.rich('type', { phrase: () => <code className="rounded-sm bg-sunken px-1 font-semibold">{part.phrase}</code> })}>{(a) => <Input {...a} autoComplete="off" autoCapitalize="none" spellCheck={false} value={phrase} onChange={(event) => setPhrase(event.target.value)} />}</Field>
        {error && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  );
}
