/**
 * `<Chip pressed onClick>`: a toggle in a filter bar; `dot="svc-1"…"svc-8"` puts a service's colour before it.
 * `<Tag>` is the same shape standing still.
 */
import clsx from 'clsx';

export const serviceDots = ['bg-svc-1', 'bg-svc-2', 'bg-svc-3', 'bg-svc-4', 'bg-svc-5', 'bg-svc-6', 'bg-svc-7', 'bg-svc-8'] as const;
export type ServiceDot = (typeof serviceDots)[number];

export function Chip({ pressed, dot, className, children, ...rest }: { pressed?: boolean; dot?: ServiceDot } & React.ComponentProps<'button'>) {
  return (
    <button type="button" aria-pressed={pressed} {...rest}
      className={clsx(
        'inline-flex min-h-7 max-sm:min-h-11 items-center gap-2 rounded-full border px-3 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-55',
        pressed ? 'border-transparent bg-accent-soft text-ink' : 'border-line-strong text-ink-2 hover:bg-sunken hover:text-ink', className,
      )}>
      {dot && <span aria-hidden="true" className={clsx('size-2 rounded-[3px]', dot)} />}
      {children}
    </button>
  );
}

export function Tag({ className, children }: { className?: string; children: React.ReactNode }) {
  return <span className={clsx('inline-flex items-center gap-1 rounded-sm bg-sunken px-1.5 text-xs font-medium whitespace-nowrap text-ink-2', className)}>{children}</span>;
}
