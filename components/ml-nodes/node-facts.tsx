'use client';
/** Small parts of a node that table and cards share. */
import { useFormatter, useTranslations } from 'next-intl';
import { Evidence } from '../ui/evidence.tsx';
import { State } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { MlClock, MlNodeView } from './ml-nodes-data.ts';

export function NodePlace({ node }: { node: MlNodeView }) {
  const t = useTranslations('mlNodes');
  return (
    <span className="block text-sm break-all text-ink-3">
      {node.baseUrl ?? node.host ?? '–'}
      {!node.baseUrl && <span className="num block">{t('ports', { inference: String(node.inferencePort), poc: String(node.pocPort) })}</span>}
    </span>
  );
}

export function NodeHardware({ node }: { node: MlNodeView }) {
  const t = useTranslations('mlNodes');
  if (node.hardware.length === 0) return <span className="text-sm text-ink-3">{t('hardwareUnknown')}</span>;
  return <ul className="grid gap-0.5">{node.hardware.map(({ type, count }) => <li key={type} className="num text-sm break-words">{count} × {type}</li>)}</ul>;
}

/** Weight in the set of this epoch, and whether the node is drawn for duty: what a stop would cost. */
export function NodeStanding({ node, clock }: { node: MlNodeView; clock?: MlClock }) {
  const t = useTranslations('mlNodes');
  const format = useFormatter();
  const { duty, weight } = node;
  return (
    <div className="grid justify-items-start gap-1 text-sm">
      {weight === undefined ? <State state="unknown">{t('weight.unknown')}</State> : weight > 0 ? <span>{t.rich('weight.some', { weight: format.number(weight), b: (x) => <b className="num">{x}</b> })}</span> : <span className="text-ink-2">{t('weight.none')}</span>}
      <Evidence note={t(duty.on ? 'duty.onText' : duty.on === false ? 'duty.offText' : 'duty.unknownText')} raw={t(`duty.by.${duty.by}`)}>
        {duty.on === undefined ? <State state="unknown">{t('duty.unknown')}</State> : duty.on ? <State state="attention">{t('duty.on', { epoch: clock ? clock.epoch + 1 : '' })}</State> : <span className="text-ink-2">{t('duty.off')}</span>}
      </Evidence>
    </div>
  );
}

/** Whether the api has it enabled, and what the operator wants. */
export function NodeWanted({ node, reapply }: { node: MlNodeView; reapply: boolean }) {
  const t = useTranslations('mlNodes');
  const { enabled, adminEpoch, wanted } = node;
  return (
    <div className="grid gap-0.5 text-sm">
      <span className={enabled === false ? 'font-medium' : 'text-ink-2'}>{enabled === undefined ? t('enabled.unknown') : enabled ? t('enabled.yes') : t('enabled.no', { epoch: adminEpoch ?? 0 })}</span>
      {wanted && (
        <span className="text-ink-2">
          {wanted.state === 'kept' || wanted.state === 'unknown' ? t.rich('wanted.disabled', { user: wanted.by, time: () => <TimeAgo at={wanted.at} /> })
            : wanted.state === 'forgotten' ? <State state={reapply || wanted.exitRuns ? 'working' : 'attention'}>{reapply || wanted.exitRuns ? t('wanted.forgotten') : t('wanted.forgottenOff')}</State>
              : <State state="attention">{t('wanted.byHand')}</State>}
        </span>
      )}
    </div>
  );
}
