'use client';
import { Plus, Sparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import type { ConfigChange } from '../config/config-data.ts';
import { wasWritten } from '../config/after-saving.ts';
import { ConfigTabs } from '../config/config-tabs.tsx';
import { KeptDraft } from '../config/kept-draft.tsx';
import { LoseEditsDialog } from '../config/page-dialogs.tsx';
import { ProblemLines } from '../config/problem-lines.tsx';
import { ReviewDialog } from '../config/review-dialog.tsx';
import { useSaving } from '../config/use-saving.ts';
import { Button } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useLeaveGuard } from '../ui/leave-guard.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHead } from '../ui/page.tsx';
import { Segments } from '../ui/segments.tsx';
import { DraftBar } from './draft-bar.tsx';
import { NodeDriftCard } from './drift-sides.tsx';
import { MergedNotice } from './merged-notice.tsx';
import { NodeConflict } from './node-conflict.tsx';
import { NodeCard } from './node-card.tsx';
import type { NodeConfigEntry, NodeConfigNow } from './node-config-data.ts';
import { countOf, isList, problemsOfFile } from './problem-filter.ts';
import { readPropose, withoutPropose } from './propose-address.ts';
import { type ProposeRequest, ProposeDialog } from './propose-dialog.tsx';
import { NodeConfigRaw } from './raw-view.tsx';
import { useNodeDraft } from './use-node-draft.ts';

const EMPTY_NODE: NodeConfigEntry = { id: '', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [], extra: [] };

export function NodeConfigEditor({ now, reload }: { now: Exclude<NodeConfigNow, { noDeployment: true }>; reload: () => Promise<unknown> }) {
  const t = useTranslations('nodeConfig');
  const path = usePathname();
  const params = useSearchParams();
  const asked = useMemo(() => readPropose(new URLSearchParams(params.toString())), [params]);
  const { draft, kept, setKept, putOnto, checking, error, setEntries, setText, discard } = useNodeDraft(now);
  const [propose, setPropose] = useState<ProposeRequest | undefined>(asked);
  const [change, setChange] = useState<ConfigChange>();
  const [discarding, setDiscarding] = useState(false);
  const saving = useSaving(async (operation) => {
    await reload();
    if (operation.state === 'succeeded' || wasWritten(operation)) discard();
  });
  const unsaved = draft !== undefined && (draft.changed || checking);
  const guard = useLeaveGuard(unsaved && !saving.running);

  const { text = '', entries, problems } = draft ?? now;
  const form = isList(problems) || text.trim() === '';
  const raw = params.get('view') === 'raw' || !form;
  const readOnly = now.error !== undefined || saving.running;
  const other = draft !== undefined && draft.version !== now.version && !saving.running;
  const conflict = other && !now.error;
  useEffect(() => {
    // What was reviewed is not what would be written. An operation's end stays in its window, whatever version it has left.
    if (conflict && saving.id === undefined) setChange(undefined);
  }, [conflict, saving.id]);
  const merged = now.merged.state === 'merged' && !now.otherPath;
  const ofFile = problemsOfFile(problems, entries.length);
  const show = (view: string, from = params.toString()) => {
    const next = new URLSearchParams(from);
    if (view === 'raw') next.set('view', 'raw');
    else next.delete('view');
    history.replaceState(null, '', path + (next.size > 0 ? `?${next}` : ''));
  };
  const closePropose = (view = raw ? 'raw' : 'form') => {
    setPropose(undefined);
    show(view, withoutPropose(new URLSearchParams(params.toString())));
  };
  return (
    <>
      <PageHead title={<Headline now={now} conflict={conflict} />} facts={<><code className="break-all">{now.path}</code>{!now.error && isList(now.problems) && <span>{t('nodes', { count: now.entries.length })}</span>}{now.release && <span>{t('release')} <b>{now.release}</b></span>}</>}
        actions={!readOnly && <Button onClick={() => setPropose({ typed: [] })}><Sparkles aria-hidden="true" />{t('proposeButton')}</Button>} />
      <ConfigTabs />
      <MergedNotice merged={now.merged} entries={now.entries} otherPath={now.otherPath} />
      {/* A file that nobody reads any more: what counts comes before the form of it. */}
      {merged && <NodeDriftCard now={now} />}
      {now.error && <ErrorNotice error={now.error} />}
      {now.text === undefined && !now.error && <Notice state="attention" title={t('absent.title')}><p>{t('absent.text')}</p></Notice>}
      {error && error.code !== 'config_changed' && <ErrorNotice error={error} state="attention" />}
      {conflict && <NodeConflict now={now} draft={draft} onGoOn={(next) => putOnto(now, next)} onKeep={setKept} onDiscard={discard} />}
      {!now.error && !conflict && (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <Segments label={t('view.label')} value={raw ? 'raw' : 'form'} options={[{ value: 'form', label: t('view.form') }, { value: 'raw', label: t('view.raw') }]} onChange={show} />
            {!form && <p className="text-sm text-ink-2">{t('view.onlyRaw')}</p>}
          </div>
          {!raw && ofFile.length > 0 && <Card><CardBody><ProblemLines problems={ofFile} /></CardBody></Card>}
          {raw ? <NodeConfigRaw text={text} problems={problems} readOnly={readOnly} onText={setText} /> : (
            <>
              {entries.map((entry, i) => (
                <NodeCard key={`node ${i + 1}`} entry={entry} at={i} problems={problems} approved={now.governance.value} readOnly={readOnly}
                  onChange={(next) => setEntries(entries.map((one, at) => (at === i ? next : one)))} onRemove={() => setEntries(entries.filter((_, at) => at !== i))} />
              ))}
              {entries.length === 0 && <Card><Empty title={t('empty.title')}>{t('empty.text')}</Empty></Card>}
              {!readOnly && <div><Button onClick={() => setEntries([...entries, { ...EMPTY_NODE }])}><Plus aria-hidden="true" />{t('addNode')}</Button></div>}
            </>
          )}
        </>
      )}
      <KeptDraft draft={kept} onDrop={() => setKept(undefined)} />
      {!merged && <NodeDriftCard now={now} />}
      {draft && !conflict && <DraftBar problems={draft.problems} checking={checking} error={error} changed={draft.changed} outdated={other} busy={saving.running} onDiscard={() => (draft.changed ? setDiscarding(true) : discard())} onReview={() => { saving.started(undefined); setChange({ by: 'text', version: draft.version, text: draft.text }); }} />}
      {propose && !readOnly && <ProposeDialog request={propose} entries={entries} onClose={() => closePropose()} onUse={(next) => { setEntries(next); closePropose('form'); }} />}
      <LoseEditsDialog open={discarding} kind="discard" onStay={() => setDiscarding(false)} onGo={() => { setDiscarding(false); discard(); }} />
      <LoseEditsDialog open={guard.waiting} kind="leave" onStay={guard.stay} onGo={() => { discard(); guard.leave(); }} />
      <ReviewDialog file="node-config" change={change} title={t('review')} running={saving.id} watched={saving.watched} onStarted={saving.started} onClose={() => { setChange(undefined); if (!saving.running) saving.started(undefined); }} onOtherVersion={() => { setChange(undefined); void reload(); }} />
    </>
  );
}

function Headline({ now, conflict }: { now: Exclude<NodeConfigNow, { noDeployment: true }>; conflict: boolean }) {
  const t = useTranslations('nodeConfig.head');
  const { broken, attention } = countOf(now.problems);
  if (now.error) return t('unreadable');
  // Which of two files is sound isn't decided yet.
  if (conflict) return t('conflict');
  if (now.text === undefined) return t('absent');
  if (now.otherPath) return t('other');
  if (now.merged.state === 'merged') return t('merged');
  if (broken > 0) return t('broken', { count: broken });
  return attention > 0 ? t('attention', { count: attention }) : t('ok', { count: now.entries.length });
}
