'use client';
/** What the deployment directory lacks: worst first, each with what, meaning and next step. `brief` shows the worst few. */
import { useMessages, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ShownProblem } from '../services/services-data.ts';
import { Card } from '../ui/card.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { StateMark } from '../ui/state.tsx';

type Words = { what?: string; means?: string; next?: string };

export function useProblemWords() {
  const all = (useMessages() as { deployment?: { problems?: Record<string, Words> } }).deployment?.problems ?? {};
  const t = useTranslations('deployment.problems');
  const groups = useGroupWords();
  return ({ code, params }: Pick<ShownProblem, 'code' | 'params'>): { what: string; means?: string; next?: string } => {
    const words = all[code];
    const say = (part: keyof Words) => (words?.[part] ? t(`${code}.${part}` as never, groups.params(params) as never) : undefined);
    return { what: say('what') ?? code, means: say('means'), next: say('next') };
  };
}

const FEW = 3;
/** More variables than this are in the words; a link each would be a wall. */
const LINKED = 6;

/** Variables of config.env that a problem names. */
function variablesOf({ params }: Pick<ShownProblem, 'params'>): string[] {
  const named = [params.variable, ...(typeof params.variables === 'string' ? params.variables.split(', ') : [])];
  return [...new Set(named.filter((name): name is string => typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name)))].slice(0, LINKED);
}

export function DeploymentProblems({ problems, brief }: { problems: readonly ShownProblem[]; brief?: boolean }) {
  const t = useTranslations('deployment');
  const state = useTranslations('state');
  const words = useProblemWords();
  const sorted = problems.toSorted((a, b) => Number(b.level === 'broken') - Number(a.level === 'broken'));
  const shown = brief ? sorted.slice(0, FEW) : sorted;
  if (sorted.length === 0) return null;
  return (
    <Card title={t('problemsTitle', { count: sorted.length })} action={brief && <Link href="/deployment" prefetch={false} className="link">{sorted.length > FEW ? t('allProblems', { count: sorted.length }) : t('toPage')}</Link>}>
      <ul className="pt-2 pb-1">
        {shown.map((problem, i) => {
          const said = words(problem);
          return (
            <li key={`${problem.code}${i}`} className="flex gap-3 border-t px-4 py-3 first:border-t-0 sm:px-4.5">
              <span className={`mt-0.5 grid size-7 flex-none place-items-center rounded-md ${problem.level === 'broken' ? 'bg-bad-soft' : 'bg-warn-soft'}`}><StateMark state={problem.level} /></span>
              <div className="grid min-w-0 gap-0.5 break-words">
                <p className="font-semibold"><span className="sr-only">{state(problem.level)}: </span>{said.what}</p>
                {said.means && <p className="text-base text-ink-2">{said.means}</p>}
                {said.next && <p className="text-base text-ink-2">{said.next}</p>}
                {variablesOf(problem).length > 0 && (
                  <p className="flex flex-wrap gap-x-3 text-sm">{variablesOf(problem).map((name) => <Link key={name} href={`/config?field=${name}`} prefetch={false} className="link">{t.rich('editVariable', { name, code: (x) => <code>{x}</code> })}</Link>)}</p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
