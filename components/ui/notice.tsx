/** `<Notice state="attention" title action>`: something said in the flow of a page, before consent or after a failure. `live` announces it when it appears. */
import clsx from 'clsx';
import { StateMark, stateSoft, type StateWord } from './state.tsx';

type Props = { state: StateWord; title?: React.ReactNode; action?: React.ReactNode; live?: boolean; className?: string; children?: React.ReactNode };

export function Notice({ state, title, action, live, className, children }: Props) {
  return (
    <div role={live ? (state === 'broken' ? 'alert' : 'status') : undefined} className={clsx('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md px-4 py-3 text-base', stateSoft[state], className)}>
      <StateMark state={state} className="mt-1.25" />
      <div className="grid min-w-0 flex-1 basis-48 gap-0.5 wrap-anywhere">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="grid gap-1 text-ink">{children}</div>}
      </div>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
