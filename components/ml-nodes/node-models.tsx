'use client';
import { useTranslations } from 'next-intl';
import { Tag } from '../ui/chip.tsx';
import { StateMark } from '../ui/state.tsx';
import type { MlNodeModel } from './ml-nodes-data.ts';

/** Models with their local arguments; those that governance gives another value are struck out and say so. The same value costs nobody anything. */
export function NodeModels({ models }: { models: readonly MlNodeModel[] }) {
  const t = useTranslations('mlNodes.models');
  if (models.length === 0) return <span className="inline-flex items-center gap-1.5 text-sm text-warn"><StateMark state="attention" />{t('none')}</span>;
  return (
    <ul className="grid gap-2">
      {models.map((model) => ({ ...model, overridden: model.overridden.filter(({ local, governance }) => local !== governance) })).map((model) => (
        <li key={model.id} className="grid min-w-0 gap-0.5">
          <span className="font-medium break-all">{model.id}</span>
          <span className="flex flex-wrap gap-1 empty:hidden">
            {model.inEpoch && <Tag>{t('inEpoch')}</Tag>}
            {model.approved === false && <Tag className="text-warn">{t('notApproved')}</Tag>}
          </span>
          {model.args.length > 0 && (
            <details>
              <summary className="w-fit rounded-sm text-sm text-ink-3 hover:text-ink">{t('args', { count: model.args.length })}{model.overridden.length > 0 && <span className="text-warn"> · {t('overriddenCount', { count: model.overridden.length })}</span>}</summary>
              <code className="block pt-1 text-xs break-words text-ink-2">{model.args.join(' ')}</code>
            </details>
          )}
          {model.overridden.map(({ flag, local, governance }) => (
            <p key={flag} className="flex items-start gap-1.5 text-sm text-ink-2">
              <StateMark state="attention" className="mt-1" />
              <span className="min-w-0 break-words">{t.rich('overridden', { flag, local: local || '–', governance: governance || '–', code: (x) => <code className="text-xs">{x}</code>, s: (x) => <s>{x}</s> })}</span>
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
