'use client';
import { useTranslations } from 'next-intl';
import { Command, shellLine } from '../ui/command.tsx';
import { useErrorWords } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { useGroupWords } from '../ui/group-words.ts';
import { State } from '../ui/state.tsx';
import type { PrerequisiteRow } from './onboarding-data.ts';

export const rowKey = ({ id, of, said }: PrerequisiteRow): string => [id, of, said].join(' ');

/** One requirement: what was measured against which rule, and what to do about it. */
export function PrerequisiteItem({ row }: { row: PrerequisiteRow }) {
  const t = useTranslations('onboarding');
  const errorWords = useErrorWords();
  const groups = useGroupWords();
  const say = (key: string) => t(key as never, groups.params(row.params) as never) as string;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-2 border-t px-4 py-3.5 first:border-t-0 sm:px-4.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="text-base font-medium">{say(`rows.${row.id}.label`)}</h3>
        <Evidence source={row.source} at={row.at} raw={row.error ? `${row.error.code} ${JSON.stringify(row.error.params)}` : `${row.id} ${JSON.stringify(row.params)}`} className="min-w-0 [overflow-wrap:anywhere]">
          <State state={row.state}>{say(`said.${row.said}`)}</State>
        </Evidence>
      </div>
      <p className="text-sm text-ink-2">{say(`rows.${row.id}.rule`)} <span className="text-ink-3">({t(`ruleSources.${row.rule}`)})</span></p>
      {row.error && row.said !== `engine_${row.error.code.replace('engine_', '')}` && <p className="text-sm text-ink-2">{errorWords(row.error).what}</p>}
      {row.breaks && <p className="text-sm"><b className="font-medium">{t('breaksTitle')}:</b> {t(`breaks.${row.breaks}`)}</p>}
      {row.fix && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2 text-sm">
          <p><b className="font-medium">{t('whatToDo')}:</b> {t(`fix.${row.fix.code}` as never)}</p>
          {row.fix.commands.length > 0 && <ul className="grid grid-cols-[minmax(0,1fr)] gap-1.5">{row.fix.commands.map((argv) => <li key={shellLine(argv)}><Command argv={argv} /></li>)}</ul>}
        </div>
      )}
    </li>
  );
}
