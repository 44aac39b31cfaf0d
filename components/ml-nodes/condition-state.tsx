'use client';
import { useTranslations } from 'next-intl';
import type { Reading } from '#lib/chain/reading.ts';
import { Evidence } from '../ui/evidence.tsx';
import { State } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { MlNodeView } from './ml-nodes-data.ts';

type Props = { node: MlNodeView; list: Reading<unknown>; /** The list is old: what it says was. */ old: boolean; /** The sentence is folded: in a long list it stands there dozens of times. */ folded: boolean };

/** How the node does, in a word with its evidence, and in a sentence: what looks broken and isn't is told apart here. */
export function ConditionState({ node, list, old, folded }: Props) {
  const t = useTranslations('mlNodes');
  const { condition } = node;
  const params = { node: node.id, ...condition.params };
  const word = t(`conditions.${condition.code}.word` as never, params as never);
  const raw = JSON.stringify({
    intended_status: node.intended, current_status: node.current, poc_intended_status: node.pocIntended, poc_current_status: node.pocCurrent,
    reconciling: node.changing, ...(node.enabled === undefined ? {} : { admin_state: { enabled: node.enabled, epoch: node.adminEpoch } }), failure_reason: node.failure,
  }, null, 1);
  const meaning = (
    <>
      <p className="max-w-[60ch] text-sm text-ink-2">{t(`conditions.${condition.code}.text` as never, params as never)}</p>
      {node.failure !== '' && <p className="max-w-[60ch] text-sm break-words text-ink-2">{t('failure')} <code className="text-xs break-all">{node.failure}</code></p>}
    </>
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <Evidence source={list.source} at={list.at} raw={raw} className="w-fit"><State state={old ? 'unknown' : condition.level}>{old ? t('was', { word }) : word}</State></Evidence>
      <p className="text-sm text-ink-2">
        {t.rich(`status.${node.intended === node.current ? 'same' : 'differs'}${node.since === undefined ? '' : 'Since'}`, { intended: t(`status.${node.intended}`), current: t(`status.${node.current}`), time: () => <TimeAgo at={node.since ?? 0} bare /> })}
        {(node.pocCurrent !== '' && node.pocCurrent !== 'IDLE') || (node.pocIntended !== '' && node.pocIntended !== 'IDLE') ? <> · {t('poc.name')} {node.pocIntended === node.pocCurrent ? poc(t, node.pocCurrent) : t('poc.differs', { intended: poc(t, node.pocIntended), current: poc(t, node.pocCurrent) })}</> : null}
      </p>
      {folded ? (
        <details>
          <summary className="w-fit rounded-sm text-sm text-ink-3 hover:text-ink">{t('explain')}</summary>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-1 pt-1">{meaning}</div>
        </details>
      ) : meaning}
    </div>
  );
}

/** A later release may know another word: it is shown as it is. */
const poc = (t: ReturnType<typeof useTranslations<'mlNodes'>>, status: string): string => (t.has(`poc.${status}` as never) ? t(`poc.${status}` as never) : status || '–');
