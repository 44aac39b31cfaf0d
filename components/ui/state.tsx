/**
 * The five words for state, the same everywhere: shape, colour, word, and the state's name for screen readers.
 * `<State state="ok">signing</State>` shows "✓ signing" and says "ok: signing". Without children it shows the state's own word.
 * `<StateMark>` is the shape alone, for places where the word stands beside it.
 */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';

export type StateWord = 'ok' | 'working' | 'attention' | 'broken' | 'unknown';

export const stateInk: Record<StateWord, string> = { ok: 'text-ok', working: 'text-work', attention: 'text-warn', broken: 'text-bad', unknown: 'text-unknown' };
export const stateSoft: Record<StateWord, string> = { ok: 'bg-ok-soft', working: 'bg-work-soft', attention: 'bg-warn-soft', broken: 'bg-bad-soft', unknown: 'bg-unknown-soft' };
/** Worst first: for sorting lists by state. */
export const stateRank: Record<StateWord, number> = { broken: 0, attention: 1, unknown: 2, working: 3, ok: 4 };

const shapes: Record<StateWord, React.ReactNode> = {
  ok: <path d="M2.5 6.4 5 8.9l4.6-5.6" />,
  working: <path d="M6 1.6a4.4 4.4 0 1 1-4.4 4.4" />,
  attention: <path d="M6 1.4 11.2 10.6H.8Z" fill="currentColor" strokeLinejoin="round" strokeWidth="1" />,
  broken: <path d="m2.6 2.6 6.8 6.8m0-6.8L2.6 9.4" strokeWidth="2.2" />,
  unknown: <path d="M4 4.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4m0 2.5v.1" />,
};

export function StateMark({ state, className }: { state: StateWord; className?: string }) {
  return (
    <svg viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"
      className={clsx('size-3 flex-none', stateInk[state], state === 'working' && 'animate-[turn_1.4s_linear_infinite]', className)}>
      {shapes[state]}
    </svg>
  );
}

export function State({ state, children, className }: { state: StateWord; children?: React.ReactNode; className?: string }) {
  const t = useTranslations('state');
  return (
    <span className={clsx('inline-flex items-center gap-1.5 text-sm font-medium', stateInk[state], className)} data-state={state}>
      <StateMark state={state} />
      {children == null ? t(state) : <span><span className="sr-only">{t(state)}: </span>{children}</span>}
    </span>
  );
}
