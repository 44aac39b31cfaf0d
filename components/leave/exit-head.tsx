'use client';
/** The headline of an exit: one sentence, since when and by whom, out at the earliest; and what a person can do: cancel, or start again. */
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { cancelOperation } from '../operations/operation-client.ts';
import { isOver } from '../operations/operation-words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { PageHead } from '../ui/page.tsx';
import { At, Countdown, TimeAgo } from '../ui/time-ago.tsx';
import { useList } from '../ui/use-list.ts';
import { headline } from './exit-headline.ts';
import type { ExitView } from './leave-data.ts';
import { ResumeDialog } from './resume-dialog.tsx';
import { useExitWords } from './use-exit-words.ts';
import { useSend } from './use-send.ts';

export function ExitHead({ view, reload }: { view: ExitView; reload: () => void }) {
  const t = useTranslations('leave');
  const format = useFormatter();
  const words = useExitWords();
  const [asking, ask] = useState<'cancel' | 'resume'>();
  const over = isOver(view.state);
  const scope = words.scope(view.params);
  const { waits } = view;
  return (
    <>
      <PageHead
        title={t(`headline.${headline(view)}`, { epoch: view.clock?.epoch ?? 0, scope })}
        facts={
          <>
            <span>{t(`kind.${view.kind}`)} · {scope}</span>
            {view.startedAt && <span>{t.rich('startedBy', { user: view.startedBy, at: () => <b><At at={view.startedAt as string} /></b>, ago: () => <TimeAgo at={view.startedAt as string} /> })}</span>}
            {view.endedAt && <span>{t.rich('endedAt', { at: () => <b><At at={view.endedAt as string} /></b> })}</span>}
            {!over && waits?.block !== undefined && <span>{t.rich('untilBlock', { block: format.number(waits.block), b: (x) => <b>{x}</b> })}{waits.at !== undefined && <> ≈ <At at={waits.at} /> · <Countdown to={waits.at} /></>}</span>}
          </>
        }
        actions={!over && (
          <>
            {(view.mayResume || view.asksReason) && <Button kind="primary" onClick={() => ask('resume')}>{t(view.asksReason ? 'resume.reasonButton' : 'resume.button')}</Button>}
            <Button onClick={() => ask('cancel')}>{t(view.takenDown ? 'cancel.buttonStopped' : 'cancel.button')}</Button>
          </>
        )}
      />
      {!over && waits && <p className="-mt-2 max-w-[75ch] text-lg text-ink-2" aria-live="polite">{words.waits(waits)}</p>}
      {asking === 'cancel' && <CancelDialog view={view} onClose={() => ask(undefined)} reload={reload} />}
      {asking === 'resume' && <ResumeDialog view={view} onClose={() => ask(undefined)} reload={reload} />}
    </>
  );
}

/** What a cancel does, before it is done. */
function CancelDialog({ view, onClose, reload }: { view: ExitView; onClose: () => void; reload: () => void }) {
  const t = useTranslations('leave.cancel');
  const shell = useTranslations('shell');
  const list = useList();
  const ours = view.nodes.filter(({ ours: own, removed }) => own && !removed);
  const { takenDown, resumed } = view;
  const cancel = async () => {
    const answer = await cancelOperation(view.id);
    return 'error' in answer ? answer.error : undefined;
  };
  const { busy, error, go } = useSend(cancel, { onClose, reload });
  return (
    <Dialog open onClose={onClose} busy={busy} title={t('title')} footer={
      <>
        <Button onClick={onClose} disabled={busy}>{t('keep')}</Button>
        <Button kind="danger" busy={busy} onClick={go}>{!takenDown && ours.length > 0 ? t('verb', { count: ours.length }) : t('verbPlain')}</Button>
      </>
    }>
      {error && <ErrorNotice error={error} action={<Button size="sm" onClick={onClose}>{shell('close')}</Button>} />}
      {takenDown ? <p>{t(resumed ? 'textReturning' : 'textStopped')}</p> : (
        <>
          <p>{t('text', { count: ours.length, nodes: list(ours.map(({ id }) => id)) })}</p>
          <p className="text-base text-ink-2">{t('late')}</p>
        </>
      )}
    </Dialog>
  );
}
