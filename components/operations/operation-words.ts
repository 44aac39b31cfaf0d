'use client';
/** Words for operations: title ("Restart api"), state, steps, evidence, gate and notes. Unknown keys show themselves instead of failing. */
import type { Kind, OutputLine, State, Words } from '#lib/operations/schema.ts';
import { useTranslations } from 'next-intl';
import { useErrorWords } from '../ui/error-notice.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import type { StateWord } from '../ui/state.tsx';

const states: Record<State, StateWord> = { scheduled: 'working', queued: 'working', running: 'working', succeeded: 'ok', failed: 'broken', cancelled: 'attention', interrupted: 'attention' };
export const operationState = (state: State): StateWord => states[state] ?? 'unknown';
export const isOver = (state: State): boolean => !['scheduled', 'queued', 'running'].includes(state);

export function useOperationWords() {
  const own = useTranslations('operationView');
  const theirs = useTranslations('operations');
  const errors = useErrorWords();
  const groups = useGroupWords();
  const service = (target: string | undefined) => groups.word(target ?? '');
  /** The chain's name of a phase as the reader's language has it. */
  const spoken = (params: Words['params']): Words['params'] => (own.has(`phase.${params.phase}` as never) ? { ...params, phase: own(`phase.${params.phase}` as never) } : params);
  const say = (t: typeof own | typeof theirs, key: string, params: Words['params'] = {}): string | undefined => (t.has(key as never) ? t(key as never, groups.params(spoken(params)) as never) : undefined);
  return {
    title: (kind: Kind, target?: string) => own(`title.${kind}` as never, { service: service(target) } as never),
    verb: (kind: Kind, target?: string) => own(`verb.${kind}` as never, { service: service(target) } as never),
    kind: (kind: Kind) => own(`kind.${kind}` as never),
    state: (state: State) => own(`state.${state}` as never),
    step: (name: string) => say(theirs, `steps.${name}`) ?? name,
    evidence: (detail: Words) => {
      const known = say(theirs, `evidence.${detail.code}`, detail.params);
      if (known) return known;
      const words = errors({ code: detail.code, params: detail.params });
      return words.what;
    },
    output: (line: Extract<OutputLine, { stream: 'panel' }>) => say(theirs, `output.${line.code}`, line.params) ?? line.code,
    note: (key: string, target?: string) => say(theirs, `notes.${key}`, { service: service(target) }) ?? key,
    gate: (why: string, params: Words['params']) => say(theirs, `gate.${why}`, params) ?? errors({ code: why, params }).what,
    phase: (phase: string) => say(own, `phase.${phase}`) ?? phase,
  };
}
