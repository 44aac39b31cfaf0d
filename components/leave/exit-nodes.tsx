'use client';
/** Every ML node of an exit: what is wanted, what the api says, whether it is on duty; and who was drawn in which epoch. */
import { useTranslations } from 'next-intl';
import { isOver } from '../operations/operation-words.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { State } from '../ui/state.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { At, TimeAgo } from '../ui/time-ago.tsx';
import { useList } from '../ui/use-list.ts';
import type { ExitNodeView, ExitView } from './leave-data.ts';

export function ExitNodes({ view }: { view: ExitView }) {
  const t = useTranslations('leave.nodes');
  const list = useList();
  const over = isOver(view.state);
  if (view.nodes.length === 0) return null;
  const wanted = view.resumed || view.back ? 'enabled' : 'disabled';
  const drawn = view.draws.toReversed();
  return (
    <Card title={t('title')} source={view.at !== undefined && <>{t('source')} · <TimeAgo at={view.at} /></>}>
      <div className="pt-1.5">
        <Table label={t('title')}>
          <thead><tr><Th>{t('node')}</Th><Th hide="sm">{t('wanted')}</Th><Th>{t('says')}</Th><Th>{t('duty')}</Th></tr></thead>
          <tbody>
            {view.nodes.map((node) => (
              <tr key={node.id}>
                <Td className="min-w-18 font-semibold break-words">{node.id}</Td>
                <Td hide="sm" className="text-ink-2">{t(wanted)}</Td>
                <Td><Says node={node} wanted={wanted} over={over} /></Td>
                <Td>{over ? '–' : node.duty === undefined ? <State state="unknown" /> : node.duty ? <State state="attention">{view.clock ? t('onDuty', { epoch: view.clock.epoch + 1 }) : t('onDutyPlain')}</State> : <span className="text-ink-3">{t('noDuty')}</span>}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {drawn.length > 0 && (
        <CardBody className="grid gap-2 border-t">
          <h3 className="text-sm font-semibold text-ink-2">{t('draws')}</h3>
          <ul className="num grid gap-1 text-base">
            {drawn.map(({ epoch, nodes }) => <li key={epoch} className="flex flex-wrap gap-x-3"><span className="text-ink-3">{t('epoch', { epoch })}</span><span className="min-w-0 break-all">{nodes.length > 0 ? t('drawn', { nodes: list(nodes) }) : t('nobody')}</span></li>)}
          </ul>
          <p className="text-sm text-ink-3">{t('drawsText')}</p>
        </CardBody>
      )}
    </Card>
  );
}

function Says({ node, wanted, over }: { node: ExitNodeView; wanted: 'enabled' | 'disabled'; over: boolean }) {
  const t = useTranslations('leave.nodes');
  const more = [
    node.disabledAt !== undefined && wanted === 'disabled' ? t.rich('since', { at: () => <At at={node.disabledAt as number} /> }) : undefined,
    node.countsFrom !== undefined && wanted === 'disabled' ? t('countsFrom', { epoch: node.countsFrom + 1 }) : undefined,
    node.forgotten > 0 ? t('forgotten', { count: node.forgotten }) : undefined,
  ].filter((each) => each !== undefined);
  const state = node.removed ? <span className="text-ink-3">{t('removed')}</span>
    : node.enabled === undefined ? <State state="unknown">{over ? t('notAsked') : undefined}</State>
    : <State state={(node.enabled ? 'enabled' : 'disabled') === wanted ? 'ok' : over ? 'unknown' : 'attention'}>{t(node.enabled ? 'enabled' : 'disabled')}</State>;
  return <>{state}{more.map((each, i) => <span key={i} className="num block text-sm text-ink-3">{each}</span>)}</>;
}
