'use client';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { EpochCard } from '../epochs/epoch-card.tsx';
import type { EpochView } from '../epochs/epoch-view.ts';
import { BlockTime } from '../ui/block-time.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { useClock } from '../ui/duration.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { CollateralNotice } from './collateral-notice.tsx';
import type { OnboardingNow, Step, StepName } from './onboarding-data.ts';
import { OutsideCard } from './outside-card.tsx';
import { PublicProfile } from './public-profile.tsx';
import { StepState, useEvidenceWords } from './step-evidence.tsx';
import { untilPoc } from './until-poc.ts';
import type { VerifyItem, VerifyNow } from './verify-data.ts';

const STATES: Record<VerifyItem['state'], StateWord> = { done: 'ok', missing: 'attention', unknown: 'unknown' };
/** Steps whose evidence belongs on the checklist, in its order; the panel's own checks come between them. */
const BEFORE: StepName[] = ['start-chain', 'register', 'grant', 'launch'];

/** The checklist to the first epoch: every line is evidence, read anew. */
export function VerifyStep({ now, step }: { now: OnboardingNow; step: Step }) {
  const t = useTranslations('onboarding.verify');
  const steps = useTranslations('onboarding.steps.verify');
  const shell = useTranslations('shell');
  const { data: found, error } = usePanelData<VerifyNow>('/api/onboarding/verify', { every: 5000 });
  const stepOf = (name: StepName) => now.steps.find((one) => one.name === name);
  const registered = stepOf('register')?.state === 'done';
  // Only where the set was read and doesn't have this host: one whose set can't be read may be earning.
  const waits = registered && step.evidence.code === 'not_in_set';
  const epoch = found?.epoch;
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{steps('text')}</p>
      {error && <ErrorNotice error={error} />}
      {found?.error && <ErrorNotice error={found.error} />}
      {waits && found && epoch?.state === 'ok' && epoch.value && <Waits epoch={epoch.value} at={found.at} />}
      <Card title={t('checklist')}>
        <ul>
          {BEFORE.map((name) => <StepLine key={name} step={stepOf(name)} />)}
          {found?.items.map((item) => <ItemLine key={item.name} item={item} />)}
          <StepLine step={step} />
        </ul>
        {!found && !error && <Loading label={shell('loading')}><SkeletonRows rows={3} /></Loading>}
      </Card>
      {found?.collateral && <CollateralNotice collateral={found.collateral} />}
      {epoch && <EpochCard reading={epoch} />}
      {found?.outsideUrl && <OutsideCard url={found.outsideUrl} />}
      <PublicProfile seedUrl={found?.seedUrl} />
      <Card title={t('certificate.title')}>
        <CardBody className="grid max-w-[70ch] gap-3">
          <p className="text-base text-ink-2">{t('certificate.text')}</p>
          <a href="/api/onboarding/certificate" download className="link inline-flex min-h-11 items-center gap-2 justify-self-start font-medium"><Download aria-hidden="true" className="size-4" />{t('certificate.download')}</a>
        </CardBody>
      </Card>
    </>
  );
}

/** Until the first epoch: what comes next, and whether the server is needed until then. */
function Waits({ epoch, at }: { epoch: EpochView; at: number }) {
  const t = useTranslations('onboarding.verify.waits');
  const { clock: say } = useClock();
  const until = untilPoc(epoch, at);
  const block = (of: number) => <BlockTime block={of} clock={epoch} className="font-medium" />;
  if (until.is === 'under-way') return <Notice state="working" title={t('underWay.title')}><p>{t.rich('underWay.text', { block: () => block(until.block) })}</p></Notice>;
  return (
    <Notice state="working" title={t('title')}>
      <p>{t.rich('next', { block: () => block(epoch.next.pocStart) })}</p>
      <p>{until.is === 'near' ? t('near') : until.back === undefined ? t('offUntimed') : t.rich('off', { back: () => <time dateTime={new Date(until.back ?? 0).toISOString()} className="font-medium whitespace-nowrap">{say(until.back ?? 0)}</time> })}</p>
    </Notice>
  );
}

function Line({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-t px-4 py-3.5 first:border-t-0 sm:px-4.5">
      <h3 className="text-base font-medium">{title}</h3>
      {children}
    </li>
  );
}

function StepLine({ step }: { step: Step | undefined }) {
  const t = useTranslations('onboarding');
  const words = useEvidenceWords();
  if (!step) return null;
  const { name, evidence } = step;
  return (
    <Line title={t(`verify.line.${name}` as never)}>
      <Evidence source={evidence.source} at={evidence.at} raw={`${name}: ${step.state} (${evidence.code})`} className="min-w-0 break-words"><StepState step={step} className="text-base">{words(evidence)}</StepState></Evidence>
    </Line>
  );
}

function ItemLine({ item }: { item: VerifyItem }) {
  const t = useTranslations('onboarding.verify');
  const groups = useGroupWords();
  const { name, state, evidence } = item;
  return (
    <Line title={t(`line.${name}`)}>
      <Evidence source={evidence.source} at={evidence.at} raw={`${name}: ${state} (${evidence.code})${evidence.error ? ` ${evidence.error.code}` : ''}`} className="min-w-0 break-words"><State state={STATES[state]}>{t(`evidence.${evidence.code}` as never, groups.params(evidence.params) as never)}</State></Evidence>
    </Line>
  );
}
