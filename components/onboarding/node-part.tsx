'use client';
/** node-config.json: what stands in it, a proposal for a model and these cards with the reasons, and the editor's own review before it is written. */
import { Sparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { OperationView } from '#lib/operations/schema.ts';
import type { ConfigChange } from '../config/config-data.ts';
import { ProblemLines } from '../config/problem-lines.tsx';
import { ReviewDialog } from '../config/review-dialog.tsx';
import { useSaving } from '../config/use-saving.ts';
import { MergedNotice } from '../node-config/merged-notice.tsx';
import type { NodeConfigEntry, NodeConfigNow } from '../node-config/node-config-data.ts';
import { ProposeDialog } from '../node-config/propose-dialog.tsx';
import { useNodeDraft } from '../node-config/use-node-draft.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { useList } from '../ui/use-list.ts';

type Now = Exclude<NodeConfigNow, { noDeployment: true }>;

export function NodePart({ onChanged }: { onChanged: () => void }) {
  const t = useTranslations('configStep.nodes');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<NodeConfigNow>('/api/config/ml-nodes', { every: 15_000 });
  return (
    <Card title={t('title')} source={now && !('noDeployment' in now) && <code className="break-all">{now.path}</code>}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {error && <ErrorNotice error={error} />}
        {!now && !error && <Loading label={shell('loading')}><SkeletonRows rows={3} /></Loading>}
        {now && !('noDeployment' in now) && <Nodes now={now} onChanged={() => { onChanged(); return reload(); }} />}
      </CardBody>
    </Card>
  );
}

function Nodes({ now, onChanged }: { now: Now; onChanged: () => Promise<unknown> }) {
  const t = useTranslations('configStep.nodes');
  const list = useList();
  const { draft, checking, error, setEntries, discard } = useNodeDraft(now);
  const [proposing, setProposing] = useState(false);
  const [change, setChange] = useState<ConfigChange>();
  const saving = useSaving(async (operation: OperationView) => {
    await onChanged();
    if (operation.state === 'succeeded') discard();
  });
  const { entries, problems } = draft ?? now;
  const approved = now.governance.value;
  const pending = draft?.changed === true && !checking;
  const outdated = draft !== undefined && draft.version !== now.version && !saving.running;
  const strangers = approved ? [...new Set(entries.flatMap(({ models }) => models.map(({ id }) => id)))].filter((id) => !approved.some((one) => one.id === id)) : [];
  return (
    <>
      <p className="max-w-[70ch] text-base text-ink-2">{t('intro')}</p>
      <MergedNotice merged={now.merged} entries={now.entries} otherPath={now.otherPath} />
      {now.error && <ErrorNotice error={now.error} />}
      {entries.length === 0 ? <p className="text-base">{t('none')}</p> : <ul className="grid gap-2">{entries.map((entry, index) => <li key={`${index + 1} ${entry.id}`}><NodeLine entry={entry} draft={draft !== undefined} /></li>)}</ul>}
      {strangers.length > 0 && <Notice state="attention" title={t('strangers.title', { models: list(strangers) })}><p>{t('strangers.text', { approved: list((approved ?? []).map(({ id }) => id)) })}</p></Notice>}
      {!approved && <Notice state="unknown" title={t('approvedUnknown')} />}
      {problems.length > 0 && <ProblemLines problems={problems} />}
      {error && <ErrorNotice error={error} state="attention" />}
      {outdated && <Notice state="attention" live title={t('outdated')} action={<Button size="sm" onClick={discard}>{t('takeFile')}</Button>} />}
      {!now.error && (
        <div className="flex flex-wrap items-center gap-2">
          <Button kind={draft || now.merged.state === 'merged' ? 'plain' : 'primary'} size="lg" disabled={saving.running} onClick={() => setProposing(true)}><Sparkles aria-hidden="true" />{t('propose')}</Button>
          {draft && <Button kind="primary" size="lg" busy={checking || saving.running} disabled={!pending || outdated} onClick={() => { saving.started(undefined); setChange({ by: 'text', version: draft.version, text: draft.text }); }}>{t('review')}</Button>}
          {draft && !saving.running && <Button kind="quiet" className="max-sm:min-h-11" onClick={discard}>{t('discard')}</Button>}
          {draft && !checking && !draft.changed && <span className="text-base text-ink-2">{t('same')}</span>}
        </div>
      )}
      <p className="text-sm text-ink-3">{t('once')} <ButtonLink kind="quiet" size="sm" className="max-sm:min-h-11" href="/config/ml-nodes">{t('toEditor')}</ButtonLink></p>
      {proposing && <ProposeDialog request={{ typed: [] }} entries={entries} onClose={() => setProposing(false)} onUse={(next) => { setEntries(next); setProposing(false); }} />}
      <ReviewDialog file="node-config" change={change} title={t('review')} running={saving.id} watched={saving.watched} onStarted={saving.started} onOtherVersion={() => { setChange(undefined); void onChanged(); }}
        onClose={() => { setChange(undefined); if (!saving.running) saving.started(undefined); }} />
    </>
  );
}

function NodeLine({ entry, draft }: { entry: NodeConfigEntry; draft: boolean }) {
  const t = useTranslations('configStep.nodes');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1 rounded-md border px-3.5 py-2.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-base"><b>{entry.id || '–'}</b><code className="text-sm break-all text-ink-2">{entry.host}:{entry.inferencePort}/{entry.pocPort}</code>{draft && <Tag className="bg-work-soft text-work">{t('unsaved')}</Tag>}</p>
      {entry.models.map(({ id, args }) => <p key={id} className="text-base break-all"><code>{id}</code>{args.length > 0 && <code className="text-sm text-ink-3"> {args.join(' ')}</code>}</p>)}
    </div>
  );
}
