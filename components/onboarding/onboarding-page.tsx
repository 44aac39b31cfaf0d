'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page, PageHead } from '../ui/page.tsx';
import { Loading, Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { At } from '../ui/time-ago.tsx';
import { useList } from '../ui/use-list.ts';
import { AccountKeyStep } from './account-key-step.tsx';
import type { ChooseAction } from '../deployment/deployment-page.tsx';
import { ConfigurationStep } from './configuration-step.tsx';
import { DeploymentStep } from './deployment-step.tsx';
import { ImagesStep } from './images-step.tsx';
import { LaunchStep } from './launch-step.tsx';
import { MlKeyStep } from './ml-key-step.tsx';
import type { OnboardingNow, Step, StepName } from './onboarding-data.ts';
import { GrantStep } from './grant-step.tsx';
import { PrerequisitesStep } from './prerequisites-step.tsx';
import { RegisterStep } from './register-step.tsx';
import { StepState } from './step-evidence.tsx';
import { StepExplained } from './step-explained.tsx';
import { StepNav } from './step-nav.tsx';
import { useOnboarding } from './use-onboarding.ts';
import { VerifyStep } from './verify-step.tsx';

/** One step, with all of them beside it. `choose`: makes a directory the managed one. */
export function OnboardingPage({ step: name, choose }: { step: StepName; choose: ChooseAction }) {
  const t = useTranslations('onboarding');
  const shell = useTranslations('shell');
  const { now, error, checking, again } = useOnboarding();
  const [phraseWaits, setPhraseWaits] = useState(false);
  const step = now?.steps.find((one) => one.name === name);
  if (!now || !step) {
    return (
      <Page>
        {error && <ErrorNotice error={error} />}
        <Loading label={shell('loading')} className="grid gap-4 md:gap-6"><PageHead title={t(`steps.${name}.title`)} facts={<Skeleton className="h-4 w-56" />} /><Card><SkeletonRows rows={8} /></Card></Loading>
      </Page>
    );
  }
  return (
    <Page>
      <Head now={now} step={step} />
      {error && <ErrorNotice error={error} />}
      {now.finished && <Notice state="ok" title={t('finished.title')}><p>{t('finished.text')}</p></Notice>}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-[300px_minmax(0,1fr)]">
        <div className="max-lg:hidden"><StepNav steps={now.steps} here={name} /></div>
        <details className="rounded-lg border bg-surface lg:hidden">
          <summary className="cursor-pointer px-4 py-3 text-lg font-medium">{t('allSteps')} <span className="num text-base font-normal text-ink-3">{t('doneCount', { count: now.steps.filter(({ state }) => state === 'done').length, of: now.steps.length })}</span></summary>
          <div className="px-4 pb-3"><StepNav steps={now.steps} here={name} /></div>
        </details>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 md:gap-6">
          {name === 'prerequisites' ? <PrerequisitesStep now={now} checking={checking} again={again} />
            : name === 'account-key' ? <AccountKeyStep onSaved={() => void again()} />
            : name === 'images' ? <ImagesStep step={step} onChanged={() => void again()} />
            : name === 'ml-key' ? <MlKeyStep step={step} onChanged={() => void again()} onWaits={setPhraseWaits} />
            : name === 'register' ? <RegisterStep step={step} onChanged={() => void again()} />
            : name === 'grant' ? <GrantStep step={step} onChanged={() => void again()} />
            : name === 'deployment' ? <DeploymentStep choose={choose} onChanged={() => void again()} />
            : name === 'configuration' ? <ConfigurationStep onChanged={() => void again()} />
            : name === 'launch' ? <LaunchStep step={step} onChanged={() => void again()} />
            : name === 'verify' ? <VerifyStep now={now} step={step} />
            : <Card><CardBody className="py-4.5"><StepExplained step={step} /></CardBody></Card>}
          <Onward now={now} here={name} held={phraseWaits} />
        </div>
      </div>
    </Page>
  );
}

function Head({ now, step }: { now: OnboardingNow; step: Step }) {
  const t = useTranslations('onboarding');
  const list = useList();
  const first = step.state === 'blocked' ? step.by?.[0] : undefined;
  const place = t.has(`steps.${step.name}.where` as never) ? t(`steps.${step.name}.where` as never) : undefined;
  return (
    <PageHead title={t(`steps.${step.name}.title`)} facts={
      <>
        <span>{t('position', { at: now.steps.indexOf(step) + 1, of: now.steps.length })}</span>
        <StepState step={step}>{step.evidence.code === 'rows_broken' ? t('summary.broken', { count: Number(step.evidence.params.broken) }) : t(`state.${step.state}`)}</StepState>
        {step.since !== undefined && <span>{t.rich('unknownSince', { at: () => <At at={step.since ?? 0} /> })}</span>}
        {first && <Link href={`/onboarding/${first}`} prefetch={false} className="link relative max-sm:after:absolute max-sm:after:inset-x-0 max-sm:after:-inset-y-3">{t('blockedBy', { steps: list((step.by ?? []).map((one) => t(`steps.${one}.title`))) })}</Link>}
        {place && <span>{place}</span>}
      </>
    } />
  );
}

/** The next step that isn't done; after the last one there is none. `held`: something here comes first. */
function Onward({ now, here, held }: { now: OnboardingNow; here: StepName; held: boolean }) {
  const t = useTranslations('onboarding');
  const index = now.steps.findIndex(({ name }) => name === here);
  const after = now.steps.slice(index + 1);
  const target = (after.find(({ state }) => state !== 'done') ?? after[0])?.name;
  if (!target) return null;
  const done = now.steps[index]?.state === 'done';
  return <div><ButtonLink kind={done && !held ? 'primary' : 'plain'} size="lg" href={`/onboarding/${target}`}>{t('next', { step: t(`steps.${target}.title`) })}</ButtonLink></div>;
}
