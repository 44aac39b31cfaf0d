'use client';
/** `<ThreeKeys now />`: the three keys in one picture: where each lives, what it is for, who may use it, what losing it means, and where it stands now. */
import clsx from 'clsx';
import { ArrowDown, ArrowRight, Cpu, KeyRound, Laptop, Server, ShieldCheck, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Address } from '../ui/address.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { State } from '../ui/state.tsx';
import type { ThreeKeysNow } from './account-key-data.ts';

type KeyName = 'account' | 'consensus' | 'operational';
const PARTS = ['does', 'who', 'lost'] as const;

/** `now`: undefined while it is being read. */
export function ThreeKeys({ now }: { now: ThreeKeysNow | undefined }) {
  const t = useTranslations('accountKey.keys');
  return (
    <Card title={t('title')} source={t('source')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="max-w-prose text-lg text-ink-2">{t('intro')}</p>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2 lg:grid-cols-[minmax(0,1fr)_auto_minmax(0,2fr)] lg:gap-3">
          <Place icon={Laptop} title={t('ownMachine')}>
            <OneKey name="account" icon={KeyRound} state={now ? <AccountState now={now} /> : <Skeleton className="h-5 w-32" />} />
          </Place>
          <ul aria-label={t('relations')} className="flex flex-wrap justify-center gap-x-6 gap-y-1 text-sm text-ink-3 lg:w-28 lg:flex-col lg:gap-8 lg:text-center">
            {(['registers', 'authorises'] as const).map((one) => (
              <li key={one} className="flex items-center gap-1.5 lg:flex-col">
                <ArrowDown aria-hidden="true" className="size-4 flex-none lg:hidden" /><ArrowRight aria-hidden="true" className="hidden size-5 flex-none lg:block" />{t(one)}
              </li>
            ))}
          </ul>
          <Place icon={Server} title={t('server')} className="sm:[&>div]:grid-cols-2">
            <OneKey name="consensus" icon={ShieldCheck} state={now ? <ConsensusState now={now} /> : <Skeleton className="h-5 w-32" />} />
            <OneKey name="operational" icon={Cpu} state={now ? <OperationalState now={now} /> : <Skeleton className="h-5 w-32" />} />
          </Place>
        </div>
        <p className="max-w-prose text-base text-ink-2">{t('never')}</p>
      </CardBody>
    </Card>
  );
}

function Place({ icon: Icon, title, className, children }: { icon: LucideIcon; title: string; className?: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className={clsx('min-w-0 rounded-lg border border-dashed border-line-strong p-2.5', className)}>
      <p className="flex items-center gap-2 px-1 pb-2 text-sm font-semibold text-ink-2"><Icon aria-hidden="true" className="size-4 flex-none" />{title}</p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-2.5">{children}</div>
    </section>
  );
}

function OneKey({ name, icon: Icon, state }: { name: KeyName; icon: LucideIcon; state: React.ReactNode }) {
  const t = useTranslations('accountKey.keys');
  return (
    <article className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-2.5 rounded-md bg-sunken p-3">
      <h3 className="flex flex-wrap items-baseline gap-x-2 text-lg font-semibold"><Icon aria-hidden="true" className="size-4 flex-none self-center text-accent" />{t(`${name}.name`)} <span className="text-sm font-normal text-ink-3">{t(`${name}.temper`)}</span></h3>
      <div className="min-h-5">{state}</div>
      <dl className="grid gap-2 text-base">
        <div><dt className="text-sm text-ink-3">{t('lives')}</dt><dd className="break-words">{t.rich(`${name}.lives`, { code: (chunks) => <code>{chunks}</code> })}</dd></div>
        {PARTS.map((part) => <div key={part}><dt className="text-sm text-ink-3">{t(part)}</dt><dd>{t(`${name}.${part}`)}</dd></div>)}
      </dl>
    </article>
  );
}

function AccountState({ now: { account } }: { now: ThreeKeysNow }) {
  const t = useTranslations('accountKey.keys.state');
  if (!account || account.state === 'absent') return <State state="attention">{t('accountAbsent')}</State>;
  if (account.state === 'wrong') return <State state="broken">{t('accountWrong')}</State>;
  return <span className="flex flex-wrap items-baseline gap-x-2 gap-y-1"><Evidence className="min-h-6" source="config.env" raw={`ACCOUNT_PUBKEY=${account.key}`}><State state="ok">{t('accountSet')}</State></Evidence><Address value={account.address} className="text-sm" /></span>;
}

function ConsensusState({ now: { consensus } }: { now: ThreeKeysNow }) {
  const t = useTranslations('accountKey.keys.state');
  if (!consensus.value) return <State state="unknown">{t('consensusUnknown')}</State>;
  return <Evidence source={consensus.source} at={consensus.at} raw={consensus.value.key}><State state={consensus.state === 'ok' ? 'ok' : 'unknown'}>{t(consensus.state === 'ok' ? 'consensusKnown' : 'consensusStale')}</State></Evidence>;
}

function OperationalState({ now: { operational } }: { now: ThreeKeysNow }) {
  const t = useTranslations('accountKey.keys.state');
  if (operational?.state === 'present') return <Evidence source=".inference/keyring-file" raw={`${operational.name}.info`}><State state="ok">{t('operationalPresent', { name: operational.name ?? '' })}</State></Evidence>;
  if (operational?.state === 'absent') return <State state="attention">{t('operationalAbsent')}</State>;
  return <State state="unknown">{t(operational ? 'operationalUnknown' : 'notYet')}</State>;
}
