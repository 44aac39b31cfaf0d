'use client';
/** `<GrantStep step onChanged />`: the command with which the account key allows the ML operational key to work for it, and every permission as the chain has it. */
import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { CommandCard } from '../ui/command-card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Segments } from '../ui/segments.tsx';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State, StateMark, type StateWord } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { GrantNow } from './grant-data.ts';
import { KeyringChoice } from './keyring-choice.tsx';
import { expectedGrantOutput, grantCommand, needsNewerTool, type KeyringBackend, type LocalSystem, releasePage, RELEASES, toolRelease } from './local-commands.ts';
import { GetTool } from './local-machine.tsx';
import type { Step } from './onboarding-data.ts';
import { StepEvidence } from './step-evidence.tsx';

const DAY_MS = 24 * 60 * 60_000;
/** A month before the permissions end, they are worth renewing. */
const SOON_MS = 30 * DAY_MS;
const SYSTEMS: Record<LocalSystem, string> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };

type Permissions = NonNullable<GrantNow['permissions']['value']>;
type Permission = Permissions['needed'][number];

export function GrantStep({ step, onChanged }: { step: Step; onChanged: () => void }) {
  const words = useTranslations('onboarding.steps.grant');
  const shell = useTranslations('shell');
  const { data: now, error } = usePanelData<GrantNow>('/api/onboarding/grant', { every: 4000 });
  const { value, state } = now?.permissions ?? {};
  const granted = (rows: readonly Permission[]) => rows.every((one) => one.state === 'granted');
  const needed = value !== undefined && granted(value.needed);
  const all = needed && (value.exact || granted(value.perhaps));
  const proven = all && state === 'ok';
  // This page reads the chain more often than the list of steps beside it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the last one is there
  useEffect(() => {
    if (proven && step.state !== 'done') onChanged();
  }, [proven]);
  const soon = all && value?.until !== undefined && now !== undefined && value.until - now.at < SOON_MS;
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{words('text')}</p>
      {!value && <StepEvidence step={step} told={now?.permissions.error} />}
      {error && <ErrorNotice error={error} />}
      {now?.deploymentError && <ErrorNotice error={now.deploymentError} state="unknown" />}
      {!now && !error && <Loading label={shell('loading')}><Card><SkeletonRows rows={6} /></Card></Loading>}
      {now && (all && !soon ? <Done now={now} known={state === 'ok'} /> : <ToDo now={now} why={soon ? 'soon' : needed ? 'unclear' : now.registered === false ? 'first' : value ? undefined : 'unread'} />)}
      {now && <OnChain now={now} />}
    </>
  );
}

/** Nothing to grant: the command stays out of the way, for the day when the permissions end. */
function Done({ now, known }: { now: GrantNow; known: boolean }) {
  const t = useTranslations('onboarding.grant');
  return (
    <>
      {known && <Notice state="ok" live title={t('done.what')}><p>{t('done.next')}</p></Notice>}
      <Card>
        <CardBody>
          <details>
            <summary className="w-fit text-base text-ink-2 hover:text-ink max-sm:min-h-11 max-sm:py-2.5">{t('renew.title')}</summary>
            <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-4"><p className="max-w-prose text-base text-ink-2">{t('renew.text')}</p><Grant now={now} /></div>
          </details>
        </CardBody>
      </Card>
    </>
  );
}

/** What is to be known before the command is run. */
const BEFORE = { soon: 'attention', first: 'attention', unclear: 'unknown', unread: 'unknown' } as const;

function ToDo({ now, why }: { now: GrantNow; why?: keyof typeof BEFORE }) {
  const t = useTranslations('onboarding.grant');
  const release = now.deployment?.release;
  return (
    <>
      {now.key?.state === 'known' && needsNewerTool(release) && <><Notice state="attention" title={t('newerTool.what', { release: release ?? '' })}><p>{t('newerTool.next')}</p></Notice><GetTool deployed={release} /></>}
      <Card title={t('card')}>
        <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
          {why && <Notice state={BEFORE[why]} title={t(`${why}.what`)}><p>{t(`${why}.next`)}</p></Notice>}
          <Grant now={now} />
        </CardBody>
      </Card>
    </>
  );
}

/** What the command says when it fails (measured 12; facts 8.2, 13), and what it means. */
const FAILURES = [
  ['unregistered', 'failed to get account details: … account … not found'], ['password', 'too many failed passphrase attempts'], ['node', 'failed to query chain status for chain-id'],
  ['gas', 'failed with code 11: out of gas'], ['fees', '… fee …'], ['file', 'Error relocating ./inferenced: qsort_r: symbol not found'],
] as const;

function Grant({ now: { key, seed, chainId, deployment } }: { now: GrantNow }) {
  const t = useTranslations('onboarding.grant');
  const [system, setSystem] = useState<LocalSystem>('linux');
  const [backend, setBackend] = useState<KeyringBackend>('file');
  const { release, old } = toolRelease(deployment?.release);
  if (key?.state !== 'known') {
    const why = key?.state === 'absent' ? 'absent' : (key?.why ?? 'unreadable');
    return <Notice state={why === 'absent' ? 'attention' : 'unknown'} title={t(`address.${why}.what`)} action={<ButtonLink href="/onboarding/ml-key">{t('address.page')}</ButtonLink>}><p>{t(`address.${why}.next`)}</p></Notice>;
  }
  if (!seed) return <Notice state="attention" title={t('noSeed.what')}><p>{t('noSeed.next')}</p></Notice>;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Segments label={t('system')} value={system} options={(['linux', 'macos', 'windows'] as const).map((one) => ({ value: one, label: SYSTEMS[one] }))} onChange={setSystem} />
        <KeyringChoice value={backend} onChange={setBackend} />
      </div>
      <CommandCard title={t('command')} where={system === 'windows' ? 'Ubuntu (WSL)' : undefined} text={grantCommand({ address: key.address, seed, backend })} expect={expectedGrantOutput(backend, chainId)} note={
        <>
          <p>{t('password', { backend })}</p>
          <p>{t('chainId', { chain: chainId })}</p>
          <p>{t.rich(old ? 'toolOld' : 'tool', { release, page: (chunks) => <a href={old ? RELEASES : releasePage(release)} target="_blank" rel="noreferrer noopener" className="link underline underline-offset-2">{chunks}</a> })}</p>
          <p>{t('name', { name: 'gonka-account-key' })}</p>
          <p>{t('cold')}</p>
        </>
      } />
      <details>
        <summary className="w-fit text-sm text-ink-2 hover:text-ink max-sm:min-h-11 max-sm:py-3">{t('fails.title')}</summary>
        <dl className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-2 text-base">
          {FAILURES.map(([name, says]) => <div key={name}><dt><code className="text-sm break-words">{says}</code></dt><dd className="text-ink-2">{t(`fails.${name}`)}</dd></div>)}
        </dl>
      </details>
      <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
        <dt className="text-ink-3">{t('keyAddress')}</dt><dd className="break-all"><code>{key.address}</code> <span className="text-ink-3">{t(`by.${key.by}`)}</span></dd>
        <dt className="text-ink-3">{t('node')}</dt><dd className="break-all"><code>{seed}/chain-rpc/</code> <span className="whitespace-nowrap text-ink-3">SEED_API_URL</span></dd>
      </dl>
    </>
  );
}

const STATES: Record<Permission['state'], StateWord> = { granted: 'ok', missing: 'attention', expired: 'broken' };

function OnChain({ now: { permissions, fees, at: here } }: { now: GrantNow }) {
  const t = useTranslations('onboarding.grant.chain');
  const { value, state, at, source, error } = permissions;
  if (!value) return <Card title={t('title')}><CardBody className="grid gap-3"><State state="unknown">{t('unknown')}</State>{error && <ErrorNotice error={error} state="unknown" />}</CardBody></Card>;
  const there = value.needed.filter((one) => one.state === 'granted').length;
  const missing = value.needed.length - there;
  const unclear = value.perhaps.filter((one) => one.state !== 'granted');
  const known = state === 'ok';
  return (
    <Card title={t('title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div className="grid gap-1">
          <p role="status"><Evidence source={source} at={at}><State state={!known ? 'unknown' : missing === 0 ? 'ok' : 'working'} className="text-lg">{t(known ? 'count' : 'countOnce', { there, of: value.needed.length })}</State></Evidence></p>
          {missing > 0 && <p className="text-base text-ink-2">{t('watching')}</p>}
          {value.until !== undefined && <p className="text-base text-ink-2">{t.rich('until', { end: () => <Day at={value.until ?? here} /> })}</p>}
          {error && <ErrorNotice error={error} state="unknown" />}
          {fees && <Fees fees={fees} />}
        </div>
        {missing > 0 && <List title={t('missing', { count: missing })} rows={value.needed.filter((one) => one.state !== 'granted')} open />}
        {unclear.length > 0 && <List title={t('perhaps', { count: unclear.length })} note={t('perhapsText')} rows={unclear} />}
        {there > 0 && <List title={t('granted', { count: there })} rows={value.needed.filter((one) => one.state === 'granted')} />}
        {value.extra.length > 0 && <List title={t('extra', { count: value.extra.length })} note={t('extraText')} rows={value.extra.map((message) => ({ message, state: 'granted' }))} />}
      </CardBody>
    </Card>
  );
}

/** Fees of the key's transactions: the permissions work without an allowance only while the key can pay itself. */
function Fees({ fees: { value, state, at, source } }: { fees: NonNullable<GrantNow['fees']> }) {
  const t = useTranslations('onboarding.grant.fees');
  const format = useFormatter();
  const known = state === 'ok' && value !== undefined;
  const empty = known && (value === false || value.left === '0');
  return (
    <div className="text-base text-ink-2">
      <Evidence source={source} at={at} className="justify-self-start"><State state={!known ? 'unknown' : empty ? 'attention' : 'ok'}>{t(!known ? 'unknown' : value === false ? 'none' : empty ? 'spent' : 'there')}</State></Evidence>
      {known && value !== false && !empty && value.until !== undefined && <> {t('until', { day: format.dateTime(value.until, { year: 'numeric', month: 'long', day: 'numeric' }) })}</>}
      {empty && <p>{t(value === false ? 'noneNext' : 'spentNext')}</p>}
    </div>
  );
}

function List({ title, note, rows, open = false }: { title: string; note?: string; rows: readonly Permission[]; open?: boolean }) {
  const t = useTranslations('onboarding.grant.chain');
  return (
    <details open={open}>
      <summary className="w-fit py-1 text-base text-ink-2 hover:text-ink max-sm:min-h-11 max-sm:py-2.5">{title}</summary>
      {note && <p className="mt-1 max-w-prose text-base text-ink-2">{note}</p>}
      <ul className="mt-2 grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
        {rows.map(({ message, state }) => (
          <li key={message} className="flex min-w-0 items-start gap-2 text-sm"><StateMark state={STATES[state]} className="mt-1" /><span className="min-w-0 break-all"><code title={message}>{message.split('.').at(-1)}</code><span className="sr-only"> {t(`state.${state}`)}</span>{state === 'expired' && <span className="text-ink-3"> {t('state.expired')}</span>}</span></li>
        ))}
      </ul>
    </details>
  );
}

/** The day, and how long until then. */
function Day({ at }: { at: number }) {
  const format = useFormatter();
  return <><b className="num">{format.dateTime(at, { year: 'numeric', month: 'long', day: 'numeric' })}</b> <span className="text-ink-3">(<TimeAgo at={at} />)</span></>;
}
