'use client';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { StateWord } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import { canSend, type NodeKind } from './node-choice.ts';
import type { MlNodesNow } from './ml-nodes-data.ts';
import { type WishGroup, wishGroups } from './wish-groups.ts';

const STATES: Record<WishGroup['state'], StateWord> = { by_hand: 'attention', forgotten: 'attention', missing: 'attention', unknown: 'unknown', left: 'attention' };
/** More than these are counted. */
const NAMED = 6;

/** Where the api has it otherwise than the operator wanted, or as an exit left it: what happened, and the answers to it. */
export function WishNotices({ now, onDo, onGone }: { now: MlNodesNow; onDo: (kind: NodeKind, nodes: string[]) => void; onGone: (nodes: string[]) => void }) {
  const t = useTranslations('mlNodes.wish');
  const list = useList();
  const disabled = !canSend(now);
  return wishGroups(now.wishes).map(({ state, wishes }) => {
    const ids = wishes.map(({ nodeId }) => nodeId);
    const again = state === 'forgotten' && now.reapply;
    const nodes = ids.length > NAMED ? t('more', { nodes: list(ids.slice(0, NAMED)), count: ids.length - NAMED }) : list(ids);
    return (
      <Notice key={state} state={again ? 'working' : STATES[state]} live title={t(`${state}.title`, { nodes, count: ids.length })} action={
        state === 'by_hand' ? (
          <>
            <Button size="sm" disabled={disabled} onClick={() => onDo('ml-disable', ids)}>{t('disableAgain', { count: ids.length })}</Button>
            <Button size="sm" disabled={disabled} onClick={() => onDo('ml-enable', ids)}>{t('leaveEnabled')}</Button>
          </>
        ) : state === 'forgotten' && !now.reapply ? <Button size="sm" kind="primary" disabled={disabled} onClick={() => onDo('ml-disable', ids)}>{t('disableAgain', { count: ids.length })}</Button>
          : state === 'left' ? <Button size="sm" kind="primary" disabled={disabled} onClick={() => onDo('ml-enable', ids)}>{t('left.enable', { count: ids.length })}</Button>
          : state === 'missing' ? <Button size="sm" onClick={() => onGone(ids)}>{t('gone', { count: ids.length })}</Button> : undefined
      }>
        <p>{t(state === 'forgotten' ? (again ? 'forgotten.text' : 'forgotten.textOff') : `${state}.text`, { count: ids.length })}</p>
      </Notice>
    );
  });
}
