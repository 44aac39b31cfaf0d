/**
 * `<Button kind="primary|plain|danger|quiet" size="sm|md|lg" busy>` and `<ButtonLink href>` with the same looks.
 * Verbs say the thing ("Restart node", not "OK"). `busy` keeps the button's width and focus and ignores clicks.
 * `<IconButton label>` is an icon alone with an accessible name.
 */
import clsx from 'clsx';
import Link from 'next/link';

export type ButtonKind = 'primary' | 'plain' | 'danger' | 'quiet';
type Looks = { kind?: ButtonKind; size?: 'sm' | 'md' | 'lg' };

const kinds: Record<ButtonKind, string> = {
  primary: 'border-transparent bg-accent text-accent-ink hover:bg-[color-mix(in_oklch,var(--accent)_90%,var(--ink))]',
  plain: 'border-line-strong bg-surface text-ink hover:bg-sunken',
  danger: 'border-line-strong bg-surface text-bad hover:bg-bad-soft',
  quiet: 'border-transparent text-ink-2 hover:bg-sunken hover:text-ink',
};
/** On phones each is as high as a finger needs. */
const sizes = { sm: 'min-h-7 px-2.5 text-sm max-sm:min-h-11', md: 'min-h-8.5 px-3 text-base max-sm:min-h-11', lg: 'min-h-10.5 px-4 text-lg max-sm:min-h-11' };

export function buttonClass({ kind = 'plain', size = 'md' }: Looks, className?: string) {
  return clsx(
    'relative inline-flex items-center justify-center gap-2 rounded-md border font-medium leading-tight transition-colors select-none py-1 text-center',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-progress [&_svg]:size-4 [&_svg]:flex-none',
    kinds[kind], sizes[size], className,
  );
}

export function Button({ kind, size, busy, className, children, type = 'button', onClick, ...rest }: Looks & { busy?: boolean } & React.ComponentProps<'button'>) {
  return (
    <button type={type} className={buttonClass({ kind, size }, className)} aria-disabled={busy || undefined} aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick} {...rest}>
      <span className={clsx('inline-flex items-center gap-2', busy && 'opacity-30')}>{children}</span>
      {busy && (
        <svg viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" aria-hidden="true" className="absolute animate-[turn_1.2s_linear_infinite]">
          <path d="M6 1.6a4.4 4.4 0 1 1-4.4 4.4" />
        </svg>
      )}
    </button>
  );
}

export function ButtonLink({ kind, size, className, ...rest }: Looks & React.ComponentProps<typeof Link>) {
  return <Link prefetch={false} className={buttonClass({ kind, size }, className)} {...rest} />;
}

export function IconButton({ label, className, children, ...rest }: { label: string } & React.ComponentProps<'button'>) {
  return (
    <button type="button" aria-label={label} title={label} {...rest}
      className={clsx('inline-grid size-8 max-sm:size-11 flex-none place-items-center rounded-md text-ink-3 transition-colors hover:bg-sunken hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-ink [&_svg]:size-4', className)}>
      {children}
    </button>
  );
}
