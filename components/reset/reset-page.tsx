'use client';
/** `<ResetPage />`: what can be deleted of this host, each part in a box of its own, and the backups that were made before. */
import type { ResetPartView, ResetView } from '#lib/operations/reset/schema.ts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { RunningDialog } from '../operations/running-dialog.tsx';
import { useOperationWords } from '../operations/operation-words.ts';
import { useOperation } from '../operations/use-operation.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { BackupList } from './backup-list.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { ResetPartCard } from './reset-part.tsx';

/** Reading every folder takes a while, so it is read when the page opens and when one asks. */
export function ResetPage() {
  const t = useTranslations('reset');
  const shell = useTranslations('shell');
  const words = useOperationWords();
  const { data, error, isLoading, reload } = usePanelData<ResetView>('/api/leave/reset', { every: 0, revalidateOnFocus: false });
  const [asked, ask] = useState<ResetPartView>();
  const [id, setId] = useState<string>();
  const watched = useOperation(id);
  const close = () => {
    setId(undefined);
    void reload();
  };
  return (
    <Page>
      <PageHead title={t('title')} facts={<span className="max-w-[70ch]">{t('intro')}</span>} actions={<Button busy={isLoading} onClick={() => reload()}>{t('look')}</Button>} />
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Loading label={shell('loading')}><Card title={t('reading')}><SkeletonRows rows={5} /></Card></Loading>}
      {data?.parts.map((part) => <ResetPartCard key={part.part} part={part} onAsk={() => ask(part)} />)}
      {data && data.backups.length > 0 && <BackupList backups={data.backups} />}
      {asked && data && <ResetDialog key={asked.part} part={asked} passphraseMin={data.passphraseMin} onClose={() => ask(undefined)} onStarted={(started) => { ask(undefined); setId(started); }} />}
      {id && <RunningDialog id={id} title={words.title('reset')} watched={watched} onClose={close} />}
    </Page>
  );
}
