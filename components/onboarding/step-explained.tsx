'use client';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Command } from '../ui/command.tsx';
import { Notice } from '../ui/notice.tsx';
import { isDoneByHand, keyringLook } from './by-hand.ts';
import type { Step, StepName } from './onboarding-data.ts';
import { StepEvidence } from './step-evidence.tsx';

/** The pages that do the work of a step; `link2` of the messages names the second one. */
const PAGES: Partial<Record<StepName, string[]>> = {
  'start-chain': ['/start-chain'], launch: ['/services'], verify: ['/network'],
};

/** Pages that show, and do nothing. */
const SHOWN_ON: StepName[] = ['verify'];

/** A step in words: what it is, what was seen, and the page where it is done. */
export function StepExplained({ step }: { step: Step }) {
  const t = useTranslations('onboarding');
  const own = (part: string) => (t.has(`steps.${step.name}.${part}` as never) ? t(`steps.${step.name}.${part}` as never) : undefined);
  const warn = own('warn');
  const look = keyringLook(step);
  return (
    <div className="grid max-w-[70ch] gap-4">
      <p className="text-lg text-ink">{t(`steps.${step.name}.text`)}</p>
      {warn && <Notice state="attention"><p>{warn}</p></Notice>}
      <section className="grid gap-1.5">
        <h2 className="text-sm font-semibold text-ink-2">{t('evidenceTitle')}</h2>
        <StepEvidence step={step} />
        {step.state === 'blocked' && <p className="text-base text-ink-2">{t('blockedBy', { steps: (step.by ?? []).map((name) => t(`steps.${name}.title`)).join(t('listSeparator')) })}</p>}
      </section>
      {look && <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5"><Command argv={look.argv} /><p className="text-base text-ink-2">{t('keyringLook', { name: look.name })}</p></div>}
      {isDoneByHand(step) && <p className="text-base text-ink-2">{t('notYet')}</p>}
      <div className="flex flex-wrap gap-2">
        {(PAGES[step.name] ?? []).map((href, index) => {
          const page = own(index === 0 ? 'link' : 'link2');
          return page && <ButtonLink key={href} kind={index === 0 && step.state === 'ready' && !SHOWN_ON.includes(step.name) ? 'primary' : 'plain'} href={href}>{t('goTo', { page })}</ButtonLink>;
        })}
      </div>
    </div>
  );
}
