'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useList } from '../ui/use-list.ts';
import type { Step, StepName } from './onboarding-data.ts';
import { useEvidenceWords } from './step-evidence.tsx';

const rings: Record<Step['state'], string> = { done: 'border-ok bg-ok text-surface', ready: 'border-accent text-accent', blocked: 'border-line-strong text-ink-3', unknown: 'border-unknown text-unknown' };

/** All steps in order, each with its state; the open one is marked. */
export function StepNav({ steps, here }: { steps: readonly Step[]; here: StepName }) {
  const t = useTranslations('onboarding');
  const list = useList();
  const words = useEvidenceWords();
  const title = (name: StepName) => t(`steps.${name}.title`);
  return (
    <nav aria-label={t('allSteps')}>
      <ol>
        {steps.map((step, index) => (
          <li key={step.name} className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-3.5">
            <span aria-hidden="true" className="flex flex-col items-center pt-1.5">
              <Mark step={step} number={index + 1} />
              {index < steps.length - 1 && <span className="w-0.5 flex-1 bg-line" />}
            </span>
            <Link href={`/onboarding/${step.name}`} prefetch={false} aria-current={step.name === here ? 'step' : undefined}
              className="mb-1.5 -ml-1.5 grid min-w-0 gap-0.5 rounded-md px-2 py-1.5 hover:bg-sunken aria-[current]:bg-accent-soft">
              <span className={clsx('text-lg', step.state === 'blocked' ? 'text-ink-2' : 'font-medium text-ink')}>{title(step.name)}<span className="sr-only">: {t(`state.${step.state}`)}</span></span>
              <span className="text-sm [overflow-wrap:anywhere] text-ink-3">
                {step.state === 'blocked' ? t('blockedBy', { steps: list((step.by ?? []).map(title)) }) : words(step.evidence)}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Mark({ step, number }: { step: Step; number: number }) {
  return (
    <span className={clsx('grid size-5.5 flex-none place-items-center rounded-full border-2 text-xs font-bold', rings[step.state])}>
      {step.state === 'done' ? <svg aria-hidden="true" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" className="size-3"><path d="M2.5 6.4 5 8.9l4.6-5.6" /></svg> : step.state === 'unknown' ? '?' : number}
    </span>
  );
}
