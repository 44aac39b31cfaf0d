'use client';
/** An exit as it goes: where it is, what it waits for and until when, what a stop now would cost, and what proves what. */
import { useTranslations } from 'next-intl';
import { EpochCard } from '../epochs/epoch-card.tsx';
import { isOver, useOperationWords } from '../operations/operation-words.ts';
import { useOverview } from '../overview/use-overview.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { useTick } from '../ui/tick.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import { ExitCommands } from './exit-commands.tsx';
import { ExitFailing } from './exit-failing.tsx';
import { ExitHead } from './exit-head.tsx';
import { isOldPicture } from './exit-verdict.ts';
import { exitMarks } from './exit-marks.ts';
import { ExitNodes } from './exit-nodes.tsx';
import { ExitQuestion } from './exit-question.tsx';
import { ExitReport } from './exit-report.tsx';
import { ExitStages } from './exit-stages.tsx';
import type { ExitView } from './leave-data.ts';
import { StopNow } from './stop-now.tsx';
import { useExitWords } from './use-exit-words.ts';

export function ExitBody({ view, reload }: { view: ExitView; reload: () => void }) {
  const t = useTranslations('leave');
  const words = useExitWords();
  const operation = useOperationWords();
  const epoch = useOverview().data?.network?.epoch;
  const over = isOver(view.state);
  const now = useTick(1000);
  const old = isOldPicture(view, now);
  const marks = epoch?.value && !over ? exitMarks(view, epoch.value, { disabled: t('mark.disabled'), out: t('mark.out') }) : [];
  return (
    <>
      <ExitHead view={view} reload={reload} />
      {view.error && <ErrorNotice error={view.error} state={view.state === 'failed' ? 'broken' : 'attention'} />}
      {view.state === 'cancelled' && !view.error && <Notice state="attention" live title={t('cancelled.title')}>{view.undone?.code === 'exit_undone' || !view.undone ? t(view.undone ? 'cancelled.text' : 'cancelled.unknown') : operation.evidence(view.undone)}</Notice>}
      {old && view.at !== undefined && <Notice state="unknown" live title={t('old.title')}><p>{t.rich('old.text', { ago: () => <TimeAgo at={view.at as number} /> })}</p></Notice>}
      {!over && view.question && <ExitQuestion id={view.id} question={view.question} reload={reload} />}
      {!over && view.unknown.length > 0 && (
        <Notice state="unknown" title={t('unknownTitle')}>
          <ul className="grid gap-1">{view.unknown.map((one) => <li key={`${one.code} ${JSON.stringify(one.params)}`}>{words.unknown(one)}</li>)}</ul>
          <p>{t(view.resumed ? 'unknownBack' : 'unknownText')}</p>
        </Notice>
      )}
      {view.failing && <ExitFailing failing={view.failing} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-[300px_minmax(0,1fr)]">
        <section aria-label={t('steps')} className="min-w-0 pt-1"><ExitStages view={view} /></section>
        <div className="grid min-w-0 gap-4 md:gap-6">
          {over && <ExitReport view={view} />}
          <StopNow view={view} />
          <ExitNodes view={view} />
          {!over && <EpochCard reading={epoch} marks={marks} link />}
          {!over && <ExitReport view={view} />}
          <ExitCommands view={view} />
        </div>
      </div>
    </>
  );
}
