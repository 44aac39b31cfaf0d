'use client';
/** The headline of an exit: one sentence, since when and by whom, out at the earliest; and what a person can do: cancel, or start again. */
import { useFormatter, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { cancelOperation } from '../operations/operation-client.ts';
import { isOver } from '../operations/operation-words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { PageHead } from '../ui/page.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import { At, Countdown, TimeAgo } from '../ui/time-ago.tsx';
import { headline } from './exit-headline.ts';
import type { ExitView } from './leave-data.ts';
import { useExitWords } from './use-exit-words.ts';

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
            {view.mayResume && <Button kind="primary" onClick={() => ask('resume')}>{t('resume.button')}</Button>}
            <Button onClick={() => ask('cancel')}>{t(view.takenDown ? 'cancel.buttonStopped' : 'cancel.button')}</Button>
          </>
        )}
      />
      {!over && waits && <p className="-mt-2 max-w-[75ch] text-lg text-ink-2" aria-live="polite">{words.waits(waits)}</p>}
      {asking && <Consent what={asking} view={view} onClose={() => ask(undefined)} reload={reload} />}
    </>
  );
}

/** What a cancel or a resume does, before it is done. */
function Consent({ what, view, onClose, reload }: { what: 'cancel' | 'resume'; view: ExitView; onClose: () => void; reload: () => void }) {
  const t = useTranslations('leave');
  const shell = useTranslations('shell');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const back = useRef<HTMLButtonElement>(null);
  const ours = view.nodes.filter(({ ours: own, removed }) => own && !removed);
  const { takenDown, resumed } = view;
  const go = async () => {
    setBusy(true);
    const failed = what === 'cancel' ? await cancelOperation(view.id).then((answer) => ('error' in answer ? answer.error : undefined)) : await send(`/api/leave/${view.id}/resume`);
    setBusy(false);
    setError(failed);
    reload();
    if (!failed) onClose();
  };
  return (
    <Dialog open onClose={onClose} busy={busy} title={t(`${what}.title`)} footer={
      <>
        <Button ref={back} onClick={onClose} disabled={busy}>{t(`${what}.keep`)}</Button>
        <Button kind={what === 'resume' ? 'primary' : 'danger'} busy={busy} onClick={go}>{what === 'cancel' && !takenDown && ours.length > 0 ? t('cancel.verb', { count: ours.length }) : t(what === 'cancel' ? 'cancel.verbPlain' : 'resume.verb')}</Button>
      </>
    }>
      {error && <ErrorNotice error={error} action={<Button size="sm" onClick={onClose}>{shell('close')}</Button>} />}
      {what === 'resume' ? <p>{t('resume.text')}</p> : takenDown ? <p>{t(resumed ? 'cancel.textReturning' : 'cancel.textStopped')}</p> : (
        <>
          <p>{t('cancel.text', { count: ours.length, nodes: ours.map(({ id }) => id).join(', ') })}</p>
          <p className="text-base text-ink-2">{t('cancel.late')}</p>
        </>
      )}
    </Dialog>
  );
}

/** The failure, or undefined when it was taken. */
export async function send(url: string, body: unknown = {}): Promise<ShownError | undefined> {
  try {
    await sendPanel(url, body);
    return undefined;
  } catch (error) {
    return error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' };
  }
}
