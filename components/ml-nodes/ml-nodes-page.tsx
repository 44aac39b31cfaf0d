'use client';
import { Plus, TableProperties } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OperationDialog, type OperationRequest } from '../operations/operation-dialog.tsx';
import { RunningOperations } from '../operations/running-operations.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice, type ShownError } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { State, stateInk } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { AdminNotice } from './admin-notice.tsx';
import { BatchDialog } from './batch-dialog.tsx';
import { DisableCard } from './disable-card.tsx';
import { EditDialog, type EditRequest } from './edit-dialog.tsx';
import { stopSentence, worksSentence } from './headline.ts';
import type { MlNodesNow, MlNodesView, MlNodeView } from './ml-nodes-data.ts';
import { forgetMissing } from './ml-nodes-client.ts';
import { canSend, type NodeKind } from './node-choice.ts';
import { groupOf, type NodeGroup } from './node-group.ts';
import { GroupFilter } from './group-filter.tsx';
import { NodesList } from './nodes-list.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { WishNotices } from './wish-notices.tsx';

export function MlNodesPage() {
  const t = useTranslations('mlNodes');
  const shell = useTranslations('shell');
  const { data, error, reload } = usePanelData<MlNodesView>('/api/ml-nodes', { every: 5000 });
  if (data && !('noDeployment' in data)) return <Page>{error && <ErrorNotice error={error} />}<Nodes now={data} reload={reload} /></Page>;
  return (
    <Page>
      <PageHead title={t('title')} facts={!data && !error && <Skeleton className="h-4 w-56" />} />
      {error && <ErrorNotice error={error} action={<ButtonLink size="sm" href="/deployment">{t('toDeployment')}</ButtonLink>} />}
      {data && <Card><Empty title={t('noDeployment.title')} action={<ButtonLink kind="primary" href="/deployment">{t('toDeployment')}</ButtonLink>}>{t('noDeployment.text')}</Empty></Card>}
      {!data && !error && <Loading label={shell('loading')}><Card title={t('list')}><SkeletonRows rows={4} /></Card></Loading>}
    </Page>
  );
}

function Nodes({ now, reload }: { now: MlNodesNow; reload: () => Promise<unknown> }) {
  const t = useTranslations('mlNodes');
  const path = usePathname();
  const params = useSearchParams();
  const [request, ask] = useState<OperationRequest>();
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const nodes = now.list.value ?? [];
  const [failed, setFailed] = useState<ShownError>();
  const [only, setOnly] = useState<NodeGroup>();
  const shown = only === undefined ? nodes : nodes.filter(({ condition }) => groupOf(condition) === only);
  const approved = now.governance.value;
  const editing = (node: MlNodeView | undefined): EditRequest | undefined => node && { node: { entry: node.entry, version: node.version } };
  // Opened once: the list goes on beneath the form.
  const [edit, setEdit] = useState(() => (params.get('add') === 'one' ? {} : editing(nodes.find(({ id }) => id === params.get('edit')))));
  const [batch, setBatch] = useState(params.get('add') === 'many');
  const show = (query: string) => history.replaceState(null, '', path + query);
  const add = () => {
    setEdit({});
    show('?add=one');
  };
  const close = () => {
    setEdit(undefined);
    setBatch(false);
    show('');
    void reload();
  };
  const start = (kind: NodeKind, ids: string[]) => ask({ kind, params: { nodes: ids } });
  const forget = async (ids: string[]) => {
    const answer = await forgetMissing(ids);
    setFailed('error' in answer ? answer.error : undefined);
    void reload();
  };
  const disabled = !canSend(now);
  return (
    <>
      <Head now={now} actions={
        <>
          <Button disabled={disabled} onClick={add}><Plus aria-hidden="true" />{t('add')}</Button>
          <Button disabled={disabled} onClick={() => { setBatch(true); show('?add=many'); }}><TableProperties aria-hidden="true" />{t('addMany')}</Button>
        </>
      } />
      <AdminNotice admin={now.admin} reapply={now.reapply} onAsk={ask} />
      <RunningOperations />
      {now.exit && <Notice state="working" title={t('exit.title', { kind: now.exit.kind })} action={<ButtonLink size="sm" href="/leave">{t('exit.watch')}</ButtonLink>}><p>{t('exit.text', { kind: now.exit.kind })}</p></Notice>}
      {failed && <ErrorNotice error={failed} />}
      <WishNotices now={now} onDo={start} onGone={forget} />
      {!now.list.value && now.list.error && now.admin.state === 'ok' && <ErrorNotice error={now.list.error} state="unknown" />}
      {now.list.value?.length === 0 && <Card><Empty title={t('empty.title')} action={<Button kind="primary" disabled={disabled} onClick={add}>{t('add')}</Button>}>{t('empty.text')}</Empty></Card>}
      <GroupFilter nodes={nodes} only={only} onOnly={setOnly} />
      {nodes.length > 0 && <NodesList now={now} nodes={shown} chosen={chosen} onChoose={choose} onDo={start} onEdit={(node) => { setEdit(editing(node)); show(`?edit=${encodeURIComponent(node.id)}`); }} />}
      <DisableCard now={now} reload={reload} />
      <p className="max-w-[75ch] text-sm text-ink-2">{t.rich('drift', { drift: (x) => <Link href="/config/ml-nodes" prefetch={false} className="link underline">{x}</Link> })}</p>
      <SelectionBar nodes={nodes} chosen={chosen} disabled={disabled} onDo={start} onClear={() => choose(new Set())} />
      <OperationDialog request={request} onClose={() => { ask(undefined); void reload(); }} onStarted={() => { choose(new Set()); void reload(); }} />
      <EditDialog request={edit} approved={approved} onClose={close} />
      <BatchDialog open={batch} onClose={close} />
    </>
  );
}

function Head({ now, actions }: { now: MlNodesNow; actions: React.ReactNode }) {
  const t = useTranslations('mlNodes');
  const works = worksSentence(now);
  const stop = stopSentence(now);
  const say = (ns: 'head' | 'stop', { key, params }: { key: string; params: Record<string, string | number> }) => t(`${ns}.${key}` as never, params as never);
  return (
    <PageHead
      title={<span className={works.state === 'broken' ? stateInk.broken : undefined}>{say('head', works)}</span>}
      facts={
        <>
          {stop && <State state={stop.state} className="text-base">{say('stop', stop)}</State>}
          {now.list.state !== 'ok' && now.list.at !== undefined && <State state="unknown">{t.rich('oldList', { time: () => <TimeAgo at={now.list.at as number} /> })}</State>}
        </>
      }
      actions={actions}
    />
  );
}
