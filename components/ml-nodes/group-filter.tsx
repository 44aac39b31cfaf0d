'use client';
import { useTranslations } from 'next-intl';
import { Chip } from '../ui/chip.tsx';
import type { MlNodeView } from './ml-nodes-data.ts';
import { countGroups, GROUPS, type NodeGroup } from './node-group.ts';

type Props = { nodes: readonly MlNodeView[]; only: NodeGroup | undefined; onOnly: (group: NodeGroup | undefined) => void };

/** How many do what, worst first; a click shows those alone. The one that is chosen stays, even with nothing left in it. */
export function GroupFilter({ nodes, only, onOnly }: Props) {
  const t = useTranslations('mlNodes');
  const counts = countGroups(nodes);
  const shown = GROUPS.filter((group) => counts[group] > 0 || group === only);
  if (shown.length < 2 && only === undefined) return null;
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5">
      <legend className="sr-only">{t('group.label')}</legend>
      <Chip pressed={only === undefined} onClick={() => onOnly(undefined)}>{t('group.all', { count: nodes.length })}</Chip>
      {shown.map((group) => <Chip key={group} pressed={only === group} onClick={() => onOnly(only === group ? undefined : group)}>{t(`group.${group}`, { count: counts[group] })}</Chip>)}
    </fieldset>
  );
}
