'use client';
/** Problems in the place they are about: what, meaning and next step, worst first. */
import { useTranslations } from 'next-intl';
import { useProblemWords } from '../deployment/deployment-problems.tsx';
import { StateMark } from '../ui/state.tsx';
import type { PlacedProblem } from './problem-places.ts';

type Props = { problems: readonly PlacedProblem[]; id?: string; /** What stands before each, such as a link to its line. */ lead?: (problem: PlacedProblem) => React.ReactNode };

export function ProblemLines({ problems, id, lead }: Props) {
  const words = useProblemWords();
  const state = useTranslations('state');
  const sorted = problems.toSorted((a, b) => Number(b.level === 'broken') - Number(a.level === 'broken'));
  return (
    <div id={id} aria-live="polite" className="empty:sr-only">
      {sorted.length > 0 && (
        <ul className="grid gap-1.5">
          {sorted.map((problem, i) => {
            const said = words(problem);
            return (
              <li key={`${problem.code}${i}`} className="flex items-start gap-2 text-sm">
                <StateMark state={problem.level} className="mt-1" />
                <span className="min-w-0 break-words">
                  {lead?.(problem)}<b className={problem.level === 'broken' ? 'text-bad' : 'text-warn'}><span className="sr-only">{state(problem.level)}: </span>{said.what}</b>
                  {said.means && <span className="text-ink-2"> {said.means}</span>}{said.next && <span className="text-ink-2"> {said.next}</span>}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
