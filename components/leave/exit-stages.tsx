'use client';
/** The way of an exit as a list: what is done with its evidence, what runs with what it waits for, what comes with what it means. */
import { useFormatter, useTranslations } from 'next-intl';
import { isOver } from '../operations/operation-words.ts';
import { StepList, type StepItem } from '../operations/step-list.tsx';
import { At } from '../ui/time-ago.tsx';
import type { ExitStage, ExitView } from './leave-data.ts';
import { useExitWords } from './use-exit-words.ts';

export function ExitStages({ view }: { view: ExitView }) {
  const t = useTranslations('leave');
  const words = useExitWords();
  const text = useStageText(view);
  const over = isOver(view.state);
  const items = view.stages.map(({ stage, state }): StepItem => {
    const here = state === 'now';
    const shown: StepItem['state'] = state === 'done' ? 'ok' : !here ? (over ? 'skipped' : 'waiting') : !over ? (view.question || view.failing || view.unknown.length > 0 ? 'attention' : 'working') : view.state === 'failed' ? 'broken' : 'attention';
    return { key: stage, state: shown, title: words.stage(stage), text: text(stage, state), time: here && !over ? t('now') : timeOf(view, stage) };
  });
  return <StepList label={t('steps')} items={items} />;
}

/** When a stage was over, where its end is a moment that the exit keeps. */
function timeOf(view: ExitView, stage: ExitStage): React.ReactNode {
  const disabled = view.nodes.map(({ disabledAt }) => disabledAt).filter((at): at is number => at !== undefined);
  const at = stage === 'note' ? view.startedAt : stage === 'disable' && disabled.length > 0 ? Math.max(...disabled) : stage === 'proof' ? view.proven?.at : stage === 'down' || (stage === 'remove' && view.params.scope !== 'host') ? view.stoppedAt : stage === 'pause' ? view.resumed?.at : stage === 'back' ? view.back?.at : undefined;
  return at === undefined ? undefined : <At at={at} />;
}

/** One line of evidence, or of what will be. */
function useStageText(view: ExitView): (stage: ExitStage, state: 'done' | 'now' | 'open') => React.ReactNode {
  const t = useTranslations('leave.stageText');
  const format = useFormatter();
  const words = useExitWords();
  const { nodes, draws, claim, proven } = view;
  const noted = view.events.find(({ code }) => code === 'noted')?.params.epoch;
  return (stage, state) => {
    if (state === 'now' && view.waits) return words.waits(view.waits);
    switch (stage) {
      case 'note': return noted === undefined ? undefined : t('note', { epoch: noted });
      case 'disable': {
        const done = nodes.filter(({ disabledAt }) => disabledAt !== undefined).map(({ id }) => id);
        return state === 'done' ? (done.length > 0 ? t('disableDone', { nodes: words.list(done) }) : t('disableNone')) : t('disable');
      }
      case 'set': {
        const from = nodes.map(({ countsFrom }) => countsFrom).filter((epoch): epoch is number => epoch !== undefined);
        return from.length === 0 ? t('set') : t(state === 'done' ? 'setDone' : 'setEpoch', { epoch: Math.max(...from) + 1 });
      }
      case 'duty': {
        const drawn = draws.filter((draw) => draw.nodes.length > 0);
        return state === 'done' ? (drawn.length > 0 ? t('dutyDone', { count: drawn.length }) : t('dutyNone')) : t('duty');
      }
      case 'claim': return claim ? t(`claim.${claim.state}`, { epoch: claim.epoch }) : t('claim.later');
      case 'proof': return proven ? t('proofDone', { epoch: proven.epoch, block: format.number(proven.height), count: proven.witnesses.filter(({ says }) => says === 'out').length }) : t('proof');
      case 'back': return view.back ? t('backDone', { epoch: view.back.epoch, weight: format.number(view.back.weight) }) : t('back');
      case 'pause': return view.resumed ? t('pauseDone', { user: view.resumed.by }) : t('pause');
      default: return t(stage);
    }
  };
}
