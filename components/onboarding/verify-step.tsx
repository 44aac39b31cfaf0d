'use client';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { EpochCard } from '../epochs/epoch-card.tsx';
import { BlockTime } from '../ui/block-time.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import type { OnboardingNow, Step, StepName } from './onboarding-data.ts';
import { OutsideCard } from './outside-card.tsx';
import { PublicProfile } from './public-profile.tsx';
import { StepState, useEvidenceWords } from './step-evidence.tsx';
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
  const waits = registered && step.state !== 'done';
  const epoch = found?.epoch;
  return (
    <>
      <p className="max-w-[70ch] text-lg text-ink">{steps('text')}</p>
      {error && <ErrorNotice error={error} />}
      {found?.error && <ErrorNotice error={found.error} />}
      {waits && epoch?.state === 'ok' && epoch.value && (
        <Notice state="working" title={t('waits.title')}>
          <p>{t.rich('waits.next', { block: () => <BlockTime block={epoch.value?.next.pocStart ?? 0} clock={epoch.value} className="font-medium" /> })}</p>
          <p>{t('waits.off')}</p>
        </Notice>
      )}
      <Card title={t('checklist')}>
        <ul>
          {BEFORE.map((name) => <StepLine key={name} step={stepOf(name)} />)}
          {found?.items.map((item) => <ItemLine key={item.name} item={item} />)}
          <StepLine step={step} />
        </ul>
        {!found && !error && <Loading label={shell('loading')}><SkeletonRows rows={3} /></Loading>}
      </Card>
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
