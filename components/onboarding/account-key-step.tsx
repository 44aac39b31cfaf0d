'use client';
/** `<AccountKeyStep />`: the account key, from its explanation to its place in config.env. Brings cards, no page of its own. `onSaved`: config.env was written. */
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import type { AccountKeyNow } from './account-key-data.ts';
import { AccountKeyFound } from './account-key-found.tsx';
import { KeyPaste } from './key-paste.tsx';
import { GetTool, MakeKey } from './local-machine.tsx';
import { ThreeKeys } from './three-keys.tsx';

export function AccountKeyStep({ onSaved }: { onSaved?: () => void }) {
  const t = useTranslations('accountKey');
  const { data: now, error, reload } = usePanelData<AccountKeyNow>('/api/onboarding/account-key', { every: 10_000 });
  const [key, setKey] = useState<string>();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6">
      {error && <ErrorNotice error={error} />}
      {now?.deploymentError && <ErrorNotice error={now.deploymentError} state="unknown" />}
      <ThreeKeys now={now?.keys} />
      <GetTool deployed={now?.deployment?.release} number={1} />
      <MakeKey />
      <Card title={t('paste.title')}>
        <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <p className="max-w-prose text-lg text-ink-2">{t('paste.intro')}</p>
          <KeyPaste onKey={setKey} />
          {key && <AccountKeyFound key={key} value={key} now={now} onSaved={() => { void reload(); onSaved?.(); }} />}
        </CardBody>
      </Card>
    </div>
  );
}
