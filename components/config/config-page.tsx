'use client';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { RunningOperations } from '../operations/running-operations.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useLeaveGuard } from '../ui/leave-guard.ts';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import type { ConfigChange, ConfigRow } from './config-data.ts';
import { ConfigForm } from './config-form.tsx';
import { ConfigHead } from './config-head.tsx';
import { configHeadline } from './config-headline.ts';
import { ConfigLoading, NoConfig } from './config-states.tsx';
import { ConfigTabs } from './config-tabs.tsx';
import { ConflictView } from './conflict-view.tsx';
import { changeOf, NO_EDITS } from './edits.ts';
import { LoseEditsDialog, SwitchDialog } from './page-dialogs.tsx';
import { placedProblems } from './problem-places.ts';
import { RawView } from './raw-view.tsx';
import { RevealDialog } from './reveal-dialog.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { afterSaving } from './after-saving.ts';
import { UnsavedBar } from './unsaved-bar.tsx';
import { useConfigAddress } from './use-config-address.ts';
import { useConfigCheck } from './use-config-check.ts';
import { useConfigEditor } from './use-config-editor.ts';
import { useSaving } from './use-saving.ts';
import { useViewSwitch } from './use-view-switch.ts';
import { VersionDialog, VersionsView } from './versions-view.tsx';

export function ConfigPage() {
  const t = useTranslations('config.page');
  const versions = useTranslations('config.versions');
  const [address, setAddress] = useConfigAddress();
  const [writing, setWriting] = useState(false);
  const editor = useConfigEditor(writing);
  const { latest, base, edits, dirty, conflict, reload } = editor;
  const [review, setReview] = useState<{ change: ConfigChange; title: string }>();
  const [reveal, setReveal] = useState<string>();
  const [line, setLine] = useState<number>();
  const [discarding, setDiscarding] = useState(false);
  const saving = useSaving(async (operation) => {
    const now = await reload();
    const left = afterSaving(operation, edits, base, now);
    if (left) editor.replace(left);
    setWriting(false);
  });
  const guard = useLeaveGuard(dirty && !writing);
  const switching = useViewSwitch(editor, (view) => setAddress({ view, version: undefined, field: undefined }));

  const change = useMemo(() => (dirty && base && !conflict ? changeOf(edits, base.version) : undefined), [dirty, base, conflict, edits]);
  const again = useCallback(() => void reload(), [reload]);
  const checked = useConfigCheck(writing ? undefined : change, again);
  const placed = useMemo(() => placedProblems(base?.rows ?? [], base?.problems ?? [], checked.check), [base, checked.check]);
  useEffect(() => {
    if (conflict) setReview(undefined); // what was reviewed is not what would be written
  }, [conflict]);

  const onReveal = useCallback((row: ConfigRow) => setReveal(row.name), []);
  const { change: changeView } = switching;
  const look = (of: ConfigChange, title: string) => {
    saving.started(undefined); // the last one has ended
    setReview({ change: of, title });
  };
  // The same function all along: with another one at each key, every row of the form would be drawn anew.
  const latestView = useRef(changeView);
  latestView.current = changeView;
  const toLine = useCallback((to: number) => {
    setLine(to);
    latestView.current('raw');
  }, []);
  const view = address.view === 'versions' ? 'versions' : dirty ? (edits.by === 'text' ? 'raw' : 'form') : address.view;
  const head = <><ConfigHead now={base} headline={configHeadline(base, latest, conflict, placed.all)} view={view} onView={changeView} /><ConfigTabs /></>;
  if (!latest || !base) return <Page>{head}{editor.error ? <ErrorNotice error={editor.error} /> : <ConfigLoading />}</Page>;
  const none = latest.noDeployment || latest.text === undefined || latest.version === 'absent';
  const locked = latest.error !== undefined || writing;
  return (
    <Page>
      {head}
      {editor.error && <ErrorNotice error={editor.error} />}
      {latest.error && <ErrorNotice error={latest.error} state={latest.text === undefined ? 'broken' : 'attention'} />}
      <RunningOperations />
      {editor.restored && dirty && <Notice state="attention" title={t('restored.title')}>{t('restored.text')}</Notice>}
      {none && (view !== 'versions' || latest.noDeployment) && !dirty && <NoConfig now={latest} />}
      {view === 'versions' ? !latest.noDeployment && <VersionsView onOpen={(version) => setAddress({ version })} />
        : conflict && base ? <ConflictView opened={base} now={latest} edits={edits} onReplace={editor.replace} onDiscard={() => setDiscarding(true)} />
          : none && !dirty ? null
            : view === 'raw'
              ? <RawView text={edits.by === 'text' ? edits.text : (base.text ?? '')} tokens={base.tokens} problems={placed.all} locked={locked} line={line} draft={editor.draft} onText={editor.write} onDropDraft={editor.dropDraft} />
              : <ConfigForm rows={base.rows} edits={edits} placed={placed} locked={locked} group={address.field ? undefined : address.group} field={address.field} onGroup={(group) => setAddress({ group, field: undefined })} onEdit={editor.edit} onReveal={onReveal} onLine={toLine} />}
      {dirty && !conflict && <UnsavedBar edits={edits} checked={checked} saving={writing} busy={locked} onDiscard={() => setDiscarding(true)} onReview={() => change && look(change, t('review'))} />}
      {view !== 'raw' && editor.draft !== undefined && <Notice state="attention" title={t('draft')} action={<Button size="sm" onClick={() => changeView('raw')}>{t('toDraft')}</Button>} />}

      <ReviewDialog change={review?.change} title={review?.title ?? ''} running={saving.id} watched={saving.watched} onOtherVersion={again}
        onStarted={(id) => { setWriting(true); setAddress({ version: undefined }); saving.started(id); }} onClose={() => setReview(undefined)} />
      <VersionDialog id={review ? undefined : address.version} blocked={dirty ? versions('blocked') : latest.error ? versions('locked') : undefined} onClose={() => setAddress({ version: undefined })}
        onRestore={(row) => look({ by: 'restore', version: latest.version, from: row.id }, versions('restoring'))} />
      <RevealDialog variable={reveal} onClose={() => setReveal(undefined)} />
      <SwitchDialog losing={switching.losing} onStay={switching.stay} />
      <LoseEditsDialog kind="discard" open={discarding} onStay={() => setDiscarding(false)} onGo={() => { setDiscarding(false); editor.replace(NO_EDITS); }} />
      <LoseEditsDialog kind="leave" open={guard.waiting} onStay={guard.stay} onGo={() => { editor.discardAll(); guard.leave(); }} />
    </Page>
  );
}
