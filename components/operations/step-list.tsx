/** `<StepList items>`: numbered steps down a line, each with its state, evidence and time: done ✓, now, waiting, failed. */
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { StateMark, type StateWord } from '../ui/state.tsx';

export type StepItem = { key: string; state: StateWord | 'passed' | 'waiting' | 'skipped'; title: React.ReactNode; text?: React.ReactNode; time?: React.ReactNode };

const rings: Record<StepItem['state'], string> = {
  ok: 'border-ok bg-ok text-surface', passed: 'border-ok bg-ok text-surface', working: 'border-work text-work', attention: 'border-warn text-warn', broken: 'border-bad bg-bad-soft text-bad',
  unknown: 'border-unknown text-unknown', waiting: 'border-line-strong text-ink-3', skipped: 'border-line-strong text-ink-3',
};

export function StepList({ items, label, row }: { items: readonly StepItem[]; label: string; row?: boolean }) {
  const t = useTranslations('operationView.stepState');
  return (
    <ol aria-label={label} className={clsx('grid gap-0', row && 'lg:grid-flow-col lg:auto-cols-[minmax(0,1fr)] lg:gap-5')}>
      {items.map((item, i) => {
        const done = item.state === 'ok' || item.state === 'passed';
        const quiet = item.state === 'waiting' || item.state === 'skipped';
        return (
          <li key={item.key} aria-current={item.state === 'working' ? 'step' : undefined} className={clsx('grid grid-cols-[24px_minmax(0,1fr)] gap-x-3.5', row && 'lg:grid-cols-[minmax(0,1fr)] lg:content-start lg:gap-y-2')}>
            <span className={clsx('flex flex-col items-center', row && 'lg:flex-row')}>
              <span aria-hidden="true" className={clsx('grid size-5.5 flex-none place-items-center rounded-full border-2 text-xs font-bold', rings[item.state])}>
                {done ? <svg aria-hidden="true" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" className="size-3"><path d="M2.5 6.4 5 8.9l4.6-5.6" /></svg>
                  : item.state === 'working' ? <StateMark state="working" /> : item.state === 'broken' ? <StateMark state="broken" /> : item.state === 'attention' ? <StateMark state="attention" /> : item.state === 'skipped' ? '–' : i + 1}
              </span>
              {i < items.length - 1 && <span aria-hidden="true" className={clsx('w-0.5 flex-1 bg-line', row && 'lg:ml-2 lg:h-0.5 lg:w-auto')} />}
            </span>
            <span className={clsx('grid min-w-0 gap-0.5 pb-5', row && 'lg:pb-0', quiet && 'text-ink-3')}>
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className={clsx('font-medium', !quiet && 'text-ink')}><span className="sr-only">{t(item.state)}: </span>{item.title}</span>
                {item.time && <span className="num text-sm text-ink-3">{item.time}</span>}
              </span>
              {item.text && <span className={clsx('min-w-0 text-sm break-words', item.state === 'broken' ? 'text-bad' : 'text-ink-2')}>{item.text}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
