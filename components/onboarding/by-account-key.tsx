'use client';
/** `<ByAccountKey now why />`: what only the account key can change on chain, as a command for the operator's own machine. */
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Card, CardBody } from '../ui/card.tsx';
import { CommandCard } from '../ui/command-card.tsx';
import { Notice } from '../ui/notice.tsx';
import { KeyringChoice } from './keyring-choice.tsx';
import { type KeyringBackend, participantCommand } from './local-commands.ts';
import type { RecordState, RegisterNow } from './register-data.ts';

export function ByAccountKey({ now, why }: { now: RegisterNow; why: Exclude<RecordState, 'registered'> | 'funded' }) {
  const t = useTranslations('onboarding.register.byAccountKey');
  const [backend, setBackend] = useState<KeyringBackend>('file');
  const { url, consensus, seed, chainId } = now;
  if (!url || url.problem || consensus.state !== 'ok' || !consensus.value || !seed) return null;
  return (
    <Card title={t('title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="max-w-prose text-base text-ink-2">{t(`why.${why}`)}</p>
        {why === 'other-key' && <Notice state="broken" title={t('first.what')}><p>{t('first.next')}</p></Notice>}
        <KeyringChoice value={backend} onChange={setBackend} />
        <CommandCard title={t('command')} text={participantCommand({ url: url.value, key: consensus.value.key, seed, backend, chainId })} note={<p>{t('then')}</p>} />
      </CardBody>
    </Card>
  );
}
