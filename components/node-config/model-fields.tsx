'use client';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemLines } from '../config/problem-lines.tsx';
import { IconButton } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { ApprovedModel, NodeConfigEntry, NodeConfigProblem } from './node-config-data.ts';
import { problemsAt } from './problem-filter.ts';
import { TokenList } from './token-list.tsx';

type Model = NodeConfigEntry['models'][number];
type Props = { model: Model; node: number; problems: readonly NodeConfigProblem[]; approved: readonly ApprovedModel[] | undefined; list: string; readOnly: boolean; onChange: (model: Model) => void; onRemove: () => void };

export function ModelFields({ model, node, problems, approved, list, readOnly, onChange, onRemove }: Props) {
  const t = useTranslations('nodeConfig');
  const place = { node, field: 'models', model: model.id } as const;
  const ofTokens = problems.filter((one) => one.node === node && one.field === 'models' && one.model === model.id && one.token !== undefined);
  const given = approved?.find(({ id }) => id === model.id)?.args ?? [];
  return (
    <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 rounded-md border px-3.5 py-3">
      <legend className="sr-only">{t('model', { model: model.id || '–' })}</legend>
      <div className="flex items-end gap-2">
        <Field label={t('field.model')} className="min-w-0 flex-1">
          {(a) => <Input {...a} value={model.id} readOnly={readOnly} list={list} spellCheck={false} autoComplete="off" onChange={(event) => onChange({ ...model, id: event.target.value })} className="font-mono" />}
        </Field>
        {!readOnly && <IconButton label={t('removeModel', { model: model.id || '–' })} onClick={onRemove} className="mb-1"><X /></IconButton>}
      </div>
      <ProblemLines problems={problemsAt(problems, place)} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
        <p className="text-base font-medium">{t('field.args')}</p>
        <TokenList label={t('argsOf', { model: model.id || '–' })} tokens={model.args} problems={ofTokens} readOnly={readOnly} onChange={(args) => onChange({ ...model, args })} />
        <p className="text-sm text-ink-3">{t('help.args')}</p>
        {given.length > 0 && <p className="text-sm break-words text-ink-2">{t('governanceGives')} <code>{given.join(' ')}</code></p>}
        <ProblemLines problems={ofTokens} />
      </div>
    </fieldset>
  );
}
