'use client';
import clsx from 'clsx';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { ProblemLines } from '../config/problem-lines.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Field, Input } from '../ui/field.tsx';
import { State } from '../ui/state.tsx';
import { HardwareFields } from './hardware-fields.tsx';
import { ModelFields } from './model-fields.tsx';
import type { ApprovedModel, NodeConfigEntry, NodeConfigProblem, NodeField } from './node-config-data.ts';
import { countOf, problemsAt } from './problem-filter.ts';
import { wholeNumber } from './whole-number.ts';

type Props = { entry: NodeConfigEntry; at: number; problems: readonly NodeConfigProblem[]; approved: readonly ApprovedModel[] | undefined; readOnly: boolean; onChange: (entry: NodeConfigEntry) => void; onRemove?: () => void; /** In a dialog: two columns at most. */ narrow?: boolean };
type TextKey = 'id' | 'host' | 'inferenceSegment' | 'pocSegment' | 'baseUrl';
type NumberKey = 'inferencePort' | 'pocPort' | 'maxConcurrent';
const NAMES: Record<TextKey | NumberKey, NodeField> = { id: 'id', host: 'host', inferenceSegment: 'inference_segment', pocSegment: 'poc_segment', baseUrl: 'base_url', inferencePort: 'inference_port', pocPort: 'poc_port', maxConcurrent: 'max_concurrent' };
/** Sentences about narrow fields stand under their row. */
const ROW: readonly NodeField[] = ['id', 'host', 'inference_port', 'poc_port', 'max_concurrent'];
const MORE: readonly NodeField[] = ['inference_segment', 'poc_segment', 'base_url'];

export function NodeCard({ entry, at, problems, approved, readOnly, onChange, onRemove, narrow }: Props) {
  const t = useTranslations('nodeConfig');
  const list = useId();
  const { broken, attention } = countOf(problems.filter(({ node }) => node === at));
  const name = entry.id.trim() || t('unnamed', { number: at + 1 });
  const field = (key: TextKey | NumberKey, control: (a: { id: string }) => React.ReactNode) => {
    const found = problemsAt(problems, { node: at, field: NAMES[key] });
    return (
      <Field className="content-start" label={<>{t(`field.${NAMES[key]}` as never)} <code className="block text-xs font-normal text-ink-3">{NAMES[key]}</code></>} help={t(`help.${NAMES[key]}` as never)}>
        {(a) => <span className={found.some(({ level }) => level === 'broken') ? 'contents [&>input]:border-bad' : 'contents'}>{control(a)}</span>}
      </Field>
    );
  };
  const text = (key: TextKey, optional = false) => field(key, (a) => (
    <Input {...a} value={entry[key] ?? ''} readOnly={readOnly} spellCheck={false} autoComplete="off" autoCapitalize="off" className="font-mono"
      onChange={(event) => onChange({ ...entry, [key]: optional && event.target.value === '' ? undefined : event.target.value })} />
  ));
  const number = (key: NumberKey) => field(key, (a) => (
    <Input {...a} type="number" inputMode="numeric" value={entry[key] === 0 ? '' : entry[key]} readOnly={readOnly} className="num" onChange={(event) => onChange({ ...entry, [key]: wholeNumber(event.target.value) })} />
  ));
  const more = entry.baseUrl !== undefined || entry.inferenceSegment !== undefined || entry.pocSegment !== undefined;
  return (
    <Card title={<span className="break-all">{name}</span>} source={broken > 0 ? <State state="broken">{t('broken', { count: broken })}</State> : attention > 0 ? <State state="attention">{t('attention', { count: attention })}</State> : undefined}
      action={!readOnly && onRemove && <Button size="sm" kind="quiet" aria-label={t('removeNode', { node: name })} onClick={onRemove}><Trash2 aria-hidden="true" />{t('remove')}</Button>}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <div className={clsx('grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-4 sm:grid-cols-2', !narrow && 'lg:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)_repeat(3,minmax(0,1fr))]')}>
          {text('id')}{text('host')}{number('inferencePort')}{number('pocPort')}{number('maxConcurrent')}
        </div>
        <ProblemLines problems={ROW.flatMap((name) => problemsAt(problems, { node: at, field: name }))} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <h3 className="text-base font-semibold">{t('field.models')}</h3>
          <datalist id={list}>{approved?.map(({ id }) => <option key={id} value={id} />)}</datalist>
          {entry.models.map((model, i) => (
            <ModelFields key={`model ${i + 1}`} model={model} node={at} problems={problems} approved={approved} list={list} readOnly={readOnly}
              onChange={(changed) => onChange({ ...entry, models: entry.models.map((one, other) => (other === i ? changed : one)) })}
              onRemove={() => onChange({ ...entry, models: entry.models.filter((_, other) => other !== i) })} />
          ))}
          <ProblemLines problems={problemsAt(problems, { node: at, field: 'models' })} />
          {!readOnly && <div><Button size="sm" onClick={() => onChange({ ...entry, models: [...entry.models, { id: '', args: [] }] })}><Plus aria-hidden="true" />{t('addModel')}</Button></div>}
        </div>
        <HardwareFields hardware={entry.hardware} readOnly={readOnly} onChange={(hardware) => onChange({ ...entry, hardware })} />
        <ProblemLines problems={problemsAt(problems, { node: at, field: 'hardware' })} />
        <details open={more || undefined}>
          <summary className="w-fit rounded-sm text-base text-ink-2 hover:text-ink">{t('moreFields')}</summary>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-3 sm:grid-cols-2">{text('inferenceSegment', true)}{text('pocSegment', true)}<div className="sm:col-span-2">{text('baseUrl', true)}</div></div>
          <ProblemLines problems={MORE.flatMap((name) => problemsAt(problems, { node: at, field: name }))} />
        </details>
        {entry.extra.length > 0 && <p className="text-sm text-ink-3">{t('kept')} {entry.extra.map((one) => <code key={one} className="mr-1.5 break-all">{one}</code>)}</p>}
      </CardBody>
    </Card>
  );
}
