'use client';
/** Three ways to stop without losing anything, each with what it does, how long it takes at least and what may make it longer, before anything starts. */
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { EpochCard } from '../epochs/epoch-card.tsx';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { useOverview } from '../overview/use-overview.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Field, Select } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHead } from '../ui/page.tsx';
import { State } from '../ui/state.tsx';
import { At, Countdown, TimeAgo } from '../ui/time-ago.tsx';
import { useList } from '../ui/use-list.ts';
import type { ExitForecast, ExitParams, LeaveNow } from './leave-data.ts';
import { useExitWords } from './use-exit-words.ts';

type Way = 'maintenance' | 'host' | 'nodes';
const STEPS: Record<Way, readonly string[]> = {
  maintenance: ['disable', 'set', 'proof', 'stop', 'wait', 'back'],
  host: ['disable', 'set', 'claim', 'proof', 'stopAll'],
  nodes: ['disable', 'set', 'proof', 'stopMl'],
};
const ALL = '';

export function LeaveStart({ now, reload }: { now: LeaveNow; reload: () => void }) {
  const t = useTranslations('leave');
  const words = useExitWords();
  const epoch = useOverview().data?.network?.epoch;
  const [request, ask] = useState<OperationRequest>();
  const { forecast, last } = now;
  const marks = epoch?.value && forecast?.earliest ? [{ block: epoch.value.height, label: t('mark.disabledNow') }, { block: forecast.earliest.block, label: t('mark.out') }] : [];
  const nodes = forecast?.nodes.map(({ id }) => id) ?? [];
  return (
    <>
      <PageHead title={t('startTitle')} facts={<span>{t('startFacts')}</span>} />
      {now.error && <ErrorNotice error={now.error} state="unknown" />}
      {now.deployment === 'absent' ? <Card><Empty title={t('noDeployment.title')} action={<ButtonLink kind="primary" href="/deployment">{t('noDeployment.action')}</ButtonLink>}>{t('noDeployment.text')}</Empty></Card> : (
        <>
          {now.left && <LeftDisabled left={now.left} onEnable={(nodes) => ask({ kind: 'ml-enable', params: { nodes } })} />}
          {forecast && <Outlook forecast={forecast} />}
          <EpochCard reading={epoch} marks={marks} link />
          <div className="grid grid-cols-[minmax(0,1fr)] items-stretch gap-4 md:gap-6 xl:grid-cols-3">
            <WayCard way="maintenance" nodes={nodes} forecast={forecast} onStart={(params) => ask({ kind: 'maintenance', params })} />
            <WayCard way="host" nodes={nodes} forecast={forecast} onStart={(params) => ask({ kind: 'safe-exit', params })} />
            <WayCard way="nodes" nodes={nodes} forecast={forecast} onStart={(params) => ask({ kind: 'safe-exit', params })} />
          </div>
          {last && (
            <Card title={t('lastTitle')}>
              <CardBody className="flex flex-wrap items-center gap-x-4 gap-y-2 text-base">
                <span className="min-w-0 flex-1 basis-60">{t(`kind.${last.kind}`)} · {words.scope(last.params)} · {t.rich('lastEnded', { state: t(`ended.${last.state === 'succeeded' || last.state === 'cancelled' ? last.state : 'failed'}`), ago: () => (last.endedAt ? <TimeAgo at={last.endedAt} /> : '–') })}</span>
                <ButtonLink href={`/leave/${last.id}`}>{t('lastOpen')}</ButtonLink>
              </CardBody>
            </Card>
          )}
        </>
      )}
      {/* Started, the page itself is the live view: a dialog above it would hide it. */}
      <OperationDialog request={request} onClose={() => { ask(undefined); reload(); }} onStarted={() => { ask(undefined); reload(); }} />
    </>
  );
}

/** A host that was started again after an exit has its nodes kept disabled: said, with the way back. */
function LeftDisabled({ left: { nodes, kept }, onEnable }: { left: NonNullable<LeaveNow['left']>; onEnable: (nodes: string[]) => void }) {
  const t = useTranslations('leave.left');
  const params = { nodes: useList()(nodes), count: nodes.length };
  return (
    <Notice state={kept ? 'attention' : 'unknown'} title={t(kept ? 'title' : 'titleUnseen', params)} action={kept && <Button size="sm" kind="primary" onClick={() => onEnable(nodes)}>{t('enable', params)}</Button>}>
      <p>{t(kept ? 'text' : 'textUnseen', params)}</p>
    </Notice>
  );
}

/** How long at least, and what may make it longer. */
function Outlook({ forecast }: { forecast: ExitForecast }) {
  const t = useTranslations('leave.outlook');
  const format = useFormatter();
  const words = useExitWords();
  const { earliest, longer, unknown, nodes } = forecast;
  const duty = nodes.filter((node) => node.duty).map(({ id }) => id);
  return (
    <Card title={t('title')}>
      <CardBody className="grid gap-3">
        <p className="text-lg">
          {earliest ? <>{t.rich('earliest', { epoch: earliest.epoch, block: format.number(earliest.block), b: (x) => <b>{x}</b> })}{earliest.at !== undefined && <> ≈ <b><At at={earliest.at} /></b> · {t.rich('in', { time: () => <Countdown to={earliest.at as number} /> })}</>}</> : <State state="unknown">{t('earliestUnknown')}</State>}
        </p>
        {longer && <Notice state="attention" title={t('longerTitle')}>{t('longer')}</Notice>}
        {duty.length > 0 ? <Notice state="attention" title={t('dutyTitle', { nodes: words.list(duty), count: duty.length })}>{t('duty')}</Notice> : <p className="text-base text-ink-2">{t('mayBeDrawn')}</p>}
        {!longer && <p className="text-base text-ink-2">{t('pocRule')}</p>}
        {unknown.length > 0 && <Notice state="unknown" title={t('unknownTitle')}><ul className="grid gap-1">{unknown.map((one) => <li key={`${one.code} ${JSON.stringify(one.params)}`}>{words.unknown(one)}</li>)}</ul></Notice>}
      </CardBody>
    </Card>
  );
}

function WayCard({ way, nodes, forecast, onStart }: { way: Way; nodes: readonly string[]; forecast?: ExitForecast; onStart: (params: ExitParams) => void }) {
  const t = useTranslations(`leave.way.${way}`);
  const leave = useTranslations('leave');
  const format = useFormatter();
  const [scope, setScope] = useState(way === 'host' ? 'host' : way === 'maintenance' ? 'host' : ALL);
  const params: ExitParams = scope === 'host' ? { scope: 'host' } : scope === ALL ? { scope: 'ml-nodes' } : { scope: 'ml-node', node: scope };
  const steps = STEPS[way].filter((step) => !(step === 'stop' && scope !== 'host'));
  const earliest = forecast?.earliest;
  return (
    <Card title={t('title')} className="flex flex-col">
      <CardBody className="flex flex-1 flex-col gap-3">
        <p className="text-base">{t('text')}</p>
        <ol className="grid list-decimal gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">
          {steps.map((step) => <li key={step}>{t(`steps.${step}` as never)}</li>)}
        </ol>
        <p className="num text-base">{earliest ? leave('atLeast', { epoch: earliest.epoch, block: format.number(earliest.block) }) : leave('atLeastUnknown')}{earliest?.at !== undefined && <> ≈ <At at={earliest.at} /></>}</p>
        {way !== 'host' && (
          <Field label={t('what' as never)}>
            {(wiring) => (
              <Select {...wiring} value={scope} onChange={(event) => setScope(event.target.value)}>
                {way === 'maintenance' && <option value="host">{leave('scopeHost')}</option>}
                <option value={ALL}>{leave('scopeAll', { count: nodes.length })}</option>
                {nodes.map((id) => <option key={id} value={id}>{leave('scopeOne', { node: id })}</option>)}
              </Select>
            )}
          </Field>
        )}
        <div className="mt-auto pt-1"><Button kind={way === 'maintenance' ? 'primary' : 'plain'} onClick={() => onStart(params)}>{t('button')}</Button></div>
      </CardBody>
    </Card>
  );
}
