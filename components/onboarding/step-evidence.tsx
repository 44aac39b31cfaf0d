'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { shortAddress } from '../ui/address.tsx';
import { type ShownError, useErrorWords } from '../ui/error-notice.tsx';
import { Evidence as Shown } from '../ui/evidence.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { State, type StateWord } from '../ui/state.tsx';
import type { Evidence, Step } from './onboarding-data.ts';

const words: Partial<Record<Step['state'], StateWord>> = { done: 'ok', unknown: 'unknown' };

/** A step's state: what is done or can't be told wears its shape; what is to come is no trouble, and wears none. */
export function StepState({ step, children, className }: { step: Step; children: React.ReactNode; className?: string }) {
  const word = step.state === 'ready' && step.evidence.code === 'rows_broken' ? 'broken' : words[step.state];
  return word ? <State state={word} className={className}>{children}</State> : <span className={clsx('font-medium', className ?? 'text-sm')}>{children}</span>;
}

/** The sentence of a step's evidence in the reader's language. */
export function useEvidenceWords(): (evidence: Evidence) => string {
  const t = useTranslations('onboarding.evidence');
  const groups = useGroupWords();
  return ({ code, params }) => t(code as never, groups.params(typeof params.address === 'string' ? { ...params, address: shortAddress(params.address) } : params) as never);
}

/** What was seen, with source and time behind a click; an unknown one with the reason, unless the page says it in a notice (`told`). */
export function StepEvidence({ step, told }: { step: Step; told?: ShownError }) {
  const words = useEvidenceWords();
  const errorWords = useErrorWords();
  const { evidence } = step;
  const why = evidence.error && evidence.error.code !== told?.code && errorWords(evidence.error);
  return (
    <div className="grid gap-1 text-lg">
      <Shown source={evidence.source} at={evidence.at} raw={`${step.name}: ${step.state} (${evidence.code})`} className="justify-self-start">
        <StepState step={step} className="text-lg [overflow-wrap:anywhere]">{words(evidence)}</StepState>
      </Shown>
      {why && [why.what, why.next].map((line) => line && <p key={line} className="text-base text-ink-2">{line}</p>)}
    </div>
  );
}
