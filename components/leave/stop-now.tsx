'use client';
/** "May this host stop now?": the answer, every source with what it says, its epoch, height and age, and what a stop now would cost. */
import { useFormatter, useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { isOver } from '../operations/operation-words.ts';
import { Amount } from '../ui/amount.tsx';
import { useOverview } from '../overview/use-overview.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import { SourceName } from '../ui/source-name.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { mayStop } from './exit-verdict.ts';
import type { ExitCost, ExitView, Witness } from './leave-data.ts';
import { useExitWords } from './use-exit-words.ts';

const SAYS: Record<Witness['says'], StateWord> = { in: 'broken', out: 'ok', unknown: 'unknown' };
const KINDS = ['participants', 'validators', 'staking'] as const;

export function StopNow({ view }: { view: ExitView }) {
  const t = useTranslations('leave.stopNow');
  const over = isOver(view.state);
  const verdict = mayStop(view);
  // Once it has stopped, what it was begun with is what counts.
  const witnesses = view.stoppedAt !== undefined || over ? (view.proven?.witnesses ?? view.witnesses) : view.witnesses;
  if (over && witnesses.length === 0) return null;
  const title = over || view.stoppedAt !== undefined ? t('proofTitle') : t(view.params.scope === 'host' ? 'title' : 'titleNodes');
  return (
    <Card title={title} action={!over && !view.resumed && <span data-testid="may-stop"><State state={verdict.state}>{t(`answer.${verdict.answer}`)}</State></span>}>
      <CardBody className="grid gap-3.5">
        {witnesses.length > 0 ? <Witnesses list={witnesses} /> : <OwnPlace />}
        <p className="text-sm text-ink-3">{t('rule')}</p>
        {!over && view.stoppedAt === undefined && view.cost && <Cost cost={view.cost} />}
      </CardBody>
    </Card>
  );
}

/** Before the sources are asked for a proof: the set as the panel reads it anyway. Being absent from it proves nothing yet. */
function OwnPlace() {
  const t = useTranslations('leave.stopNow');
  const format = useFormatter();
  const exit = useTranslations('exit');
  const network = useOverview().data?.network;
  const own = network?.own;
  const says = own?.state === 'ok' && own.value?.inSet !== undefined ? (own.value.inSet ? 'in' : 'out') : 'unknown';
  const weight = own?.value?.active?.weight;
  return (
    <>
      <p className="grid grid-cols-[minmax(0,1fr)] items-baseline gap-x-4 gap-y-0.5 text-base sm:grid-cols-[5.5rem_minmax(11rem,1fr)_minmax(0,auto)]">
        <Evidence source={own?.source} at={own?.at} raw={JSON.stringify({ in_set: own?.value?.inSet, weight }, null, 1)} note={t('asks.participants')}><State state={says === 'out' ? 'unknown' : SAYS[says]}>{says === 'out' ? t('absent') : exit(`says.${says}`)}</State></Evidence>
        <span>{exit('witness.participants')}{network?.epoch.value && ` · ${t('epoch', { epoch: network.epoch.value.epoch })}`}</span>
        <span className="num min-w-0 text-sm break-words text-ink-3 sm:text-right">{weight !== undefined && <>{t('weight', { weight: format.number(weight) })} · </>}{own?.source && <SourceName source={own.source} />}{own?.at !== undefined && <> · <TimeAgo at={own.at} /></>}</span>
      </p>
      <p className="text-base text-ink-2">{t('notAsked')}</p>
    </>
  );
}

function Witnesses({ list }: { list: readonly Witness[] }) {
  const t = useTranslations('leave.stopNow');
  const format = useFormatter();
  const exit = useTranslations('exit');
  const words = useExitWords();
  const sorted = KINDS.flatMap((kind) => list.filter((witness) => witness.kind === kind));
  return (
    <ul className="grid gap-x-4 gap-y-2.5 text-base">
      {sorted.map((witness) => {
        const facts = [
          witness.says !== 'unknown' && witness.weight !== undefined ? t('weight', { weight: format.number(witness.weight) }) : undefined,
          witness.height === undefined ? undefined : t('block', { block: format.number(witness.height) }),
        ].filter((fact): fact is string => fact !== undefined);
        return (
          <li key={`${witness.kind} ${witness.place}`} className="grid grid-cols-[minmax(0,1fr)] items-baseline gap-x-4 gap-y-0.5 sm:grid-cols-[5.5rem_minmax(11rem,1fr)_minmax(0,auto)]">
            <Evidence source={witness.place} at={witness.at} raw={JSON.stringify({ says: witness.says, epoch: witness.epoch, height: witness.height, weight: witness.weight, others_with_weight: witness.others }, null, 1)} note={t(`asks.${witness.kind}`)}>
              <State state={SAYS[witness.says]}>{exit(`says.${witness.says}`)}</State>
            </Evidence>
            <span className="min-w-0 break-words">{exit(`witness.${witness.kind}`)}{witness.epoch !== undefined && ` · ${t('epoch', { epoch: witness.epoch })}`}{witness.why && <span className="block text-sm text-ink-2">{words.unknown(witness.why)}</span>}</span>
            <span className="num min-w-0 text-sm break-words text-ink-3 sm:text-right">
              {facts.map((fact) => <Fragment key={fact}>{fact} · </Fragment>)}<SourceName source={witness.place} />{witness.at !== undefined && <> · <TimeAgo at={witness.at} /></>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Cost({ cost }: { cost: ExitCost }) {
  const t = useTranslations('leave.cost');
  const amount = (ngonka: string) => () => <Amount ngonka={ngonka} />;
  if (!cost.known) return <Notice state="unknown" title={t('unknownTitle')}>{t('unknown')}</Notice>;
  const { unclaimed, lastReward, epoch } = cost;
  const open = unclaimed && <p>{t.rich('unclaimed', { epoch: unclaimed.epoch, amount: amount(unclaimed.reward) })}</p>;
  if (!cost.inSet) return unclaimed ? <Notice state="attention" title={t('title')}>{open}</Notice> : <Notice state="unknown" title={t('nothingTitle')}>{t('nothing')}</Notice>;
  return (
    <Notice state="attention" title={t('title')}>
      <p>{lastReward ? t.rich('reward', { epoch: epoch ?? 0, last: lastReward.epoch, amount: amount(lastReward.reward) }) : t('rewardUnknown', { epoch: epoch ?? 0 })}</p>
      {open}
    </Notice>
  );
}
