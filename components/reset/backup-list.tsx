'use client';
/** `<BackupList backups />`: the encrypted backups on this server, how one is read elsewhere, and a download for the password. */
import type { ShownBackup } from '#lib/operations/reset/schema.ts';
import { holdsKeyMaterial } from '../../guard/key-material.ts';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useBytes } from '../ui/bytes.ts';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Command } from '../ui/command.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { At } from '../ui/time-ago.tsx';

export function BackupList({ backups }: { backups: ShownBackup[] }) {
  const t = useTranslations('reset');
  const bytes = useBytes();
  const [asked, ask] = useState<ShownBackup>();
  return (
    <Card title={t('backups.title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <p className="max-w-[75ch] text-base text-ink-2">{t('backups.text')}</p>
        <Command argv={['age', '--decrypt', '--output', 'keys.tar', 'FILE.tar.age']} />
        <Command argv={['tar', '-xf', 'keys.tar', '-C', 'deploy/join']} />
        <ul className="grid gap-3">
          {backups.map((one) => (
            <li key={one.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t pt-3">
              <div className="grid min-w-0 flex-1 basis-64 gap-0.5">
                <p className="font-medium">{t(`part.${one.part}.title`)} · <At at={one.at} /></p>
                <p className="num text-sm text-ink-2">{t('backups.what', { files: one.files, size: bytes(one.bytes) })}</p>
                <p className="text-sm break-all text-ink-3">SHA-256 {one.sha256}</p>
                {one.publicKey && <p className="text-sm break-all text-ink-3">{t('backups.key', { key: one.publicKey })}</p>}
              </div>
              <Button onClick={() => ask(one)}><Download aria-hidden="true" />{t('backups.download')}</Button>
            </li>
          ))}
        </ul>
      </CardBody>
      {asked && <DownloadDialog backup={asked} onClose={() => ask(undefined)} />}
    </Card>
  );
}

function DownloadDialog({ backup, onClose }: { backup: ShownBackup; onClose: () => void }) {
  const t = useTranslations('reset');
  const shell = useTranslations('shell');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const load = async (event: React.FormEvent) => {
    event.preventDefault();
    if (busy || !password) return;
    // A recovery phrase stays in this browser.
    if (holdsKeyMaterial({ password })) {
      setPassword('');
      return setError({ code: 'key_material' });
    }
    setBusy(true);
    setError(undefined);
    const response = await fetch(`/api/leave/reset/backups/${backup.id}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ password }) }).catch(() => undefined);
    setPassword('');
    setBusy(false);
    if (!response?.ok) {
      const told = (await response?.json().catch(() => undefined)) as { error?: ShownError } | undefined;
      return setError(told?.error ?? { code: response ? `http_${response.status}` : 'panel_unreachable' });
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `${backup.id}.tar.age`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    onClose();
  };
  return (
    <Dialog open busy={busy} onClose={onClose} title={t('backups.download')} footer={<Button onClick={onClose}>{shell('close')}</Button>}>
      <form onSubmit={load} className="grid gap-3">
        <p className="text-base text-ink-2">{t('backups.ask')}</p>
        <Field label={t('backups.password')}>{(a) => <Input {...a} type="password" autoComplete="current-password" autoFocus value={password} onChange={(event) => setPassword(event.target.value)} />}</Field>
        {error && <ErrorNotice error={error} />}
        <div><Button type="submit" kind="primary" busy={busy} disabled={!password}>{t('backups.download')}</Button></div>
      </form>
    </Dialog>
  );
}
