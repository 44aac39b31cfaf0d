'use client';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { useList } from '../ui/use-list.ts';
import type { Step, StepName } from './onboarding-data.ts';
import { StepEvidence } from './step-evidence.tsx';

/** The pages that do the work of a step that has no page of its own among the steps. */
const PAGES: Partial<Record<StepName, string>> = { 'start-chain': '/start-chain' };

/** A step in words: what it is, what was seen, and the page where it is done. */
export function StepExplained({ step }: { step: Step }) {
  const t = useTranslations('onboarding');
  const list = useList();
  const href = PAGES[step.name];
  return (
    <div className="grid max-w-[70ch] gap-4">
      <p className="text-lg text-ink">{t(`steps.${step.name}.text`)}</p>
      <section className="grid gap-1.5">
        <h2 className="text-sm font-semibold text-ink-2">{t('evidenceTitle')}</h2>
        <StepEvidence step={step} />
        {step.state === 'blocked' && <p className="text-base text-ink-2">{t('blockedBy', { steps: list((step.by ?? []).map((name) => t(`steps.${name}.title`))) })}</p>}
      </section>
      {href && <div><ButtonLink kind={step.state === 'ready' ? 'primary' : 'plain'} href={href}>{t('goTo', { page: t(`steps.${step.name}.link` as never) })}</ButtonLink></div>}
    </div>
  );
}
