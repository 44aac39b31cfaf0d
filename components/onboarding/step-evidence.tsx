'use client';
import { useTranslations } from 'next-intl';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Evidence as Shown } from '../ui/evidence.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import type { Evidence, Step } from './onboarding-data.ts';

export const stateWord: Record<Step['state'], StateWord> = { done: 'ok', ready: 'attention', blocked: 'unknown', unknown: 'unknown' };

/** The sentence of a step's evidence in the reader's language. */
export function useEvidenceWords(): (evidence: Evidence) => string {
  const t = useTranslations('onboarding.evidence');
  return ({ code, params }) => t(code as never, params as never);
}

/** What was seen, with source and time behind a click; an unknown one with the reason. */
export function StepEvidence({ step }: { step: Step }) {
  const words = useEvidenceWords();
  const errorWords = useErrorWords();
  const { evidence } = step;
  const why = evidence.error && errorWords(evidence.error);
  return (
    <div className="grid gap-1 text-lg">
      <Shown source={evidence.source} at={evidence.at} raw={`${step.name}: ${step.state} (${evidence.code})`} className="justify-self-start">
        <State state={stateWord[step.state]} className="text-lg">{words(evidence)}</State>
      </Shown>
      {why && <p className="text-base text-ink-2">{why.what} {why.next}</p>}
    </div>
  );
}
