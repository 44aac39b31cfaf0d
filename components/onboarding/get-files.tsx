'use client';
/** A clone of one release at a chosen place: what is chosen, the literal command in the dialog, and how it goes, also after a reload. */
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { OperationDialog } from '../operations/operation-dialog.tsx';
import { OperationProgress } from '../operations/operation-progress.tsx';
import { isOver } from '../operations/operation-words.ts';
import { useOperation } from '../operations/use-operation.ts';
import { useOperations } from '../operations/use-operations.ts';
import { Button } from '../ui/button.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { Chip } from '../ui/chip.tsx';
import { Command } from '../ui/command.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import type { DeploymentStepNow, ReleasesNow } from './deployment-step-data.ts';

const MAIN = 'main';

export function GetFiles({ now, onDone }: { now: DeploymentStepNow; onDone: () => void }) {
  const t = useTranslations('deploymentStep.get');
  const words = useTranslations('operationView');
  const shell = useTranslations('shell');
  const bytes = useBytes();
  const { data: found, error, reload } = usePanelData<ReleasesNow>(now.gitVersion ? '/api/onboarding/releases' : null, { every: 0, revalidateOnFocus: false });
  const [release, setRelease] = useState<string>();
  const [place, setPlace] = useState<string>();
  const [asking, setAsking] = useState<{ kind: 'get-deployment'; params?: unknown; retryOf?: string }>();
  const last = useOperations({ kind: ['get-deployment'], limit: 1 }, 5000).operations?.[0];
  const [started, setStarted] = useState<string>();
  const shown = started ?? (last && last.state !== 'succeeded' ? last.id : undefined);
  const watched = useOperation(shown);
  const { operation } = watched;
  const over = operation !== undefined && isOver(operation.state);
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (!over || told.current === operation.id) return;
    told.current = operation.id;
    if (operation.state === 'succeeded') onDone();
  }, [over, operation, onDone]);

  const releases = found?.releases ?? [];
  const newest = releases[0];
  const chosen = release ?? newest?.ref ?? '';
  const at = place ?? now.places[0]?.place ?? '';
  const running = operation !== undefined && !over;
  return (
    <Card title={t('title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="max-w-[70ch] text-lg text-ink-2">{t('intro')}</p>
        {!now.gitVersion && <Notice state="attention" title={t('noGit.title')}><p>{t('noGit.text')}</p><Command text={'apt-get install -y git'} /></Notice>}
        {now.placeError && <ErrorNotice error={now.placeError} state="attention" />}
        {error && <ErrorNotice error={error} action={<Button size="sm" className="max-sm:min-h-11" onClick={() => void reload()}>{shell('tryAgain')}</Button>} />}
        {now.gitVersion && !found && !error && <Loading label={t('asking')} className="grid gap-2"><p className="text-base text-ink-2">{t('asking')}</p><Skeleton className="h-10 w-full max-w-md" /></Loading>}
        {found && newest && (
          <>
            <Field label={t('release')} help={chosen === MAIN ? t('mainHelp') : t('releaseHelp')} className="max-w-md">
              {(a) => (
                <Select {...a} value={chosen} disabled={running} onChange={(event) => setRelease(event.target.value)}>
                  {releases.map((one, index) => <option key={one.ref} value={one.ref}>{index === 0 ? t('newest', { release: one.release }) : one.release}</option>)}
                  <option value={MAIN}>{t('main')}</option>
                </Select>
              )}
            </Field>
            <p className="text-sm text-ink-3"><Evidence source={found.repository} at={found.at} raw={chosen}>{t('from', { repository: found.repository })}</Evidence></p>
            <div className="grid gap-2">
              <Field label={t('place')} help={t('placeHelp', { needed: bytes(now.neededBytes) })}>
                {(a) => <Input {...a} value={at} disabled={running || now.fixed !== undefined} autoComplete="off" autoCapitalize="off" spellCheck={false} placeholder="/root/gonka" className="max-w-2xl font-mono" onChange={(event) => setPlace(event.target.value)} />}
              </Field>
              {now.places.length > 0 && (
                <fieldset className="flex flex-wrap gap-2">
                  <legend className="sr-only">{t('places')}</legend>
                  {now.places.map((one) => <Chip key={one.place} pressed={at === one.place} disabled={running} onClick={() => setPlace(one.place)}><code className="break-all whitespace-normal">{one.place}</code><span className="num text-ink-3">{t('free', { free: bytes(one.freeBytes) })}</span></Chip>)}
                </fieldset>
              )}
              {at.trim() !== '' && <p className="text-sm break-all text-ink-3">{t('managed', { dir: `${at.trim().replace(/\/+$/, '')}/deploy/join` })}</p>}
            </div>
            <div><Button kind="primary" size="lg" busy={running} disabled={!chosen || at.trim() === ''} onClick={() => setAsking({ kind: 'get-deployment', params: { place: at.trim(), release: chosen } })}>{t('action')}</Button></div>
          </>
        )}
        <p className="max-w-[70ch] text-sm text-ink-3">{t('byHand')}</p>
        {shown && (
          <section aria-label={words('title.get-deployment')} className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t pt-4">
            {started === undefined && !running && <State state="attention">{t('lastTry')}</State>}
            <OperationProgress watched={watched} />
            {over && operation.state !== 'succeeded' && <div><Button className="max-sm:min-h-11" onClick={() => setAsking({ kind: 'get-deployment', params: operation.params, retryOf: operation.id })}>{t('again')}</Button></div>}
          </section>
        )}
      </CardBody>
      <OperationDialog request={asking} onClose={() => setAsking(undefined)} onStarted={setStarted} />
    </Card>
  );
}
