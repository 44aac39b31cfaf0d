'use client';
/** A button with a small panel below it; closes on Esc, on a click elsewhere, and when focus leaves. */
import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';

type Props = { label: React.ReactNode; name: string; pressed?: boolean; right?: boolean; children: React.ReactNode };

export function LogMenu({ label, name, pressed, right, children }: Props) {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => { if (!ref.current?.contains(event.target as Node)) setOpen(false); };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => { document.removeEventListener('pointerdown', elsewhere); document.removeEventListener('focusin', elsewhere); };
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc is caught from the controls inside
    <div ref={ref} className="relative flex-none" onKeyDown={(event) => { if (event.key === 'Escape' && open) { event.stopPropagation(); setOpen(false); ref.current?.querySelector('button')?.focus(); } }}>
      <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}
        className={clsx('inline-flex min-h-7 max-sm:min-h-11 items-center gap-1.5 rounded-full border px-3 text-sm font-medium whitespace-nowrap transition-colors', pressed ? 'border-transparent bg-accent-soft text-ink' : 'border-line-strong text-ink-2 hover:bg-sunken hover:text-ink')}>
        {label}<ChevronDown aria-hidden="true" className="size-3.5" />
      </button>
      <fieldset id={id} aria-label={name} hidden={!open}
        className={clsx('absolute top-full z-30 mt-1.5 w-72 max-w-[calc(100vw-24px)] gap-3 rounded-lg border bg-raised p-4 shadow-overlay', open && 'grid', right ? 'right-0' : 'left-0', 'max-sm:fixed max-sm:inset-x-3 max-sm:top-auto max-sm:w-auto')}>
        {children}
      </fieldset>
    </div>
  );
}
