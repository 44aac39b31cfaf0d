'use client';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import type { MlNodeView } from './ml-nodes-data.ts';
import { affected, type NodeKind } from './node-choice.ts';

type Props = { nodes: readonly MlNodeView[]; chosen: ReadonlySet<string>; disabled: boolean; onDo: (kind: NodeKind, nodes: string[]) => void; onClear: () => void };
const KINDS: readonly NodeKind[] = ['ml-disable', 'ml-enable', 'ml-delete'];

/** What can be done with the chosen ones; each button says to how many. */
export function SelectionBar({ nodes, chosen, disabled, onDo, onClear }: Props) {
  const t = useTranslations('mlNodes');
  const count = nodes.filter(({ id }) => chosen.has(id)).length;
  if (count === 0) return null;
  return (
    <section aria-label={t('chosen.label')} className="sticky bottom-[calc(var(--bar)+8px)] z-20 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line-strong bg-raised px-4 py-3 shadow-overlay">
      <p aria-live="polite" className="min-w-0 flex-1 basis-32 font-semibold">{t('chosen.count', { count })}</p>
      <div className="flex flex-wrap gap-2">
        {KINDS.map((kind) => {
          const ids = affected(nodes, chosen, kind);
          return ids.length > 0 && <Button key={kind} kind={kind === 'ml-delete' ? 'danger' : 'plain'} disabled={disabled} onClick={() => onDo(kind, ids)}>{t(`chosen.${kind}`, { count: ids.length })}</Button>;
        })}
        <Button kind="quiet" onClick={onClear}>{t('chosen.clear')}</Button>
      </div>
    </section>
  );
}
