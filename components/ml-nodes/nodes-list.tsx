'use client';
/** The api's list: a table where there is room, cards on a phone. The order is the list's own and doesn't move. */
import { useTranslations } from 'next-intl';
import { Card } from '../ui/card.tsx';
import { State } from '../ui/state.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { useSourceName } from '../ui/source-name.tsx';
import { ConditionState } from './condition-state.tsx';
import type { MlNodesNow, MlNodeView } from './ml-nodes-data.ts';
import { NodeActions } from './node-actions.tsx';
import { NodeHardware, NodePlace, NodeStanding, NodeWanted } from './node-facts.tsx';
import { NodeModels } from './node-models.tsx';
import { canSend, type NodeKind } from './node-choice.ts';

type Props = {
  now: MlNodesNow; /** Of its list those that are shown. */ nodes: readonly MlNodeView[]; chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void; onDo: (kind: NodeKind, nodes: string[]) => void; onEdit: (node: MlNodeView) => void;
};
/** Up to so many nodes each says in a sentence how it does. */
const SPELT_OUT = 8;
const box = 'size-4 flex-none accent-accent';
/** As large as a thumb where the list is read on a phone, in the room of the box alone. */
const hit = 'lg:contents max-lg:-m-3.5 max-lg:grid max-lg:size-11 max-lg:flex-none max-lg:place-items-center';

export function NodesList({ now, nodes, chosen, onChoose, onDo, onEdit }: Props) {
  const t = useTranslations('mlNodes');
  const old = now.list.state !== 'ok';
  const disabled = !canSend(now);
  const folded = nodes.length > SPELT_OUT;
  const all = nodes.length > 0 && nodes.every(({ id }) => chosen.has(id));
  const toggle = (id: string) => onChoose(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  const choose = (node: MlNodeView) => <label className={hit}><input type="checkbox" className={box} aria-label={t('choose', { node: node.id })} checked={chosen.has(node.id)} onChange={() => toggle(node.id)} /></label>;
  const chooseAll = <label className={hit}><input type="checkbox" className={box} aria-label={t('chooseAll')} checked={all} onChange={() => onChoose(new Set(all ? [...chosen].filter((one) => !nodes.some(({ id }) => id === one)) : [...chosen, ...nodes.map(({ id }) => id)]))} /></label>;
  const clock = now.clock.value;
  return (
    <Card title={t('list')} source={<ListSource now={now} />} className="pb-1">
      <div className="pt-1.5 max-lg:hidden">
        <Table label={t('list')}>
          <thead>
            <tr><Th className="w-10 pr-0">{chooseAll}</Th><Th>{t('column.nodeHardware')}</Th><Th>{t('column.state')}</Th><Th>{t('column.models')}</Th><Th>{t('column.standing')}</Th><Th>{t('column.wanted')}</Th><Th right><span className="sr-only">{t('column.actions')}</span></Th></tr>
          </thead>
          <tbody className="[&_td]:align-top">
            {nodes.map((node) => (
              <tr key={node.id} data-node={node.id}>
                <Td className="w-10 pt-2.5 pr-0">{choose(node)}</Td>
                <Td className="max-w-48 min-w-36"><span className="font-semibold break-all">{node.id}</span><NodePlace node={node} /><NodeHardware node={node} /></Td>
                <Td className="max-w-72 min-w-56"><ConditionState node={node} list={now.list} old={old} folded={folded} /></Td>
                <Td className="max-w-60 min-w-44"><NodeModels models={node.models} /></Td>
                <Td className="max-w-36 min-w-28"><NodeStanding node={node} clock={clock} /></Td>
                <Td className="max-w-36"><NodeWanted node={node} reapply={now.reapply} /></Td>
                <Td right className="pl-0"><NodeActions node={node} disabled={disabled} onDo={onDo} onEdit={onEdit} /></Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <div className="lg:hidden">
        <div className="flex items-center gap-2.5 px-4 pt-3 pb-1 text-base text-ink-2 sm:px-4.5">{chooseAll}<span aria-hidden="true">{t('chooseAll')}</span></div>
        <ul aria-label={t('list')}>
          {nodes.map((node) => (
            <li key={node.id} data-node={node.id} className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t px-4 py-3.5 sm:px-4.5">
              <div className="flex items-start gap-2.5">
                <span className="pt-1">{choose(node)}</span>
                <div className="min-w-0 flex-1"><span className="font-semibold break-all">{node.id}</span><NodePlace node={node} /></div>
                <NodeActions node={node} disabled={disabled} onDo={onDo} onEdit={onEdit} />
              </div>
              <ConditionState node={node} list={now.list} old={old} folded={folded} />
              <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-base [&_dt]:text-sm [&_dt]:text-ink-3">
                <dt>{t('column.models')}</dt><dd><NodeModels models={node.models} /></dd>
                <dt>{t('column.hardware')}</dt><dd><NodeHardware node={node} /></dd>
                <dt>{t('column.standing')}</dt><dd><NodeStanding node={node} clock={clock} /></dd>
                <dt>{t('column.wanted')}</dt><dd><NodeWanted node={node} reapply={now.reapply} /></dd>
              </dl>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

/** Who said it and when: every node was last seen then. */
function ListSource({ now: { list } }: { now: MlNodesNow }) {
  const t = useTranslations('mlNodes');
  const errors = useErrorWords();
  const name = useSourceName()(list.source);
  if (list.at === undefined) return null;
  const read = <>{t.rich('read', { time: () => <TimeAgo at={list.at as number} /> })}{name && <> · {name}</>}</>;
  return list.state === 'ok' ? read : <State state="unknown" className="text-xs">{read}{list.error && <> · {errors(list.error).what}</>}</State>;
}
