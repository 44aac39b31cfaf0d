'use client';
/**
 * `<Dialog open onClose title footer>`: the browser's own modal dialog (focus kept inside, Esc closes, the rest inert).
 * Radix' dialog locks scrolling with a style element that our CSP refuses; this one needs none.
 * `busy` keeps it open while something runs. What has `data-autofocus` is focused first (the browser would take the first button, and `autoFocus` comes too early). Put the consequences into the body, the verb on the last button of `footer`.
 */
import clsx from 'clsx';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';

/** Opens as a modal; whether the page has a scroll bar is noted first, because locking it would move everything. */
export function showModal(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  document.documentElement.toggleAttribute('data-bar', window.innerWidth > document.documentElement.clientWidth);
  dialog.showModal();
}

type Props = { open: boolean; onClose: () => void; title: React.ReactNode; children: React.ReactNode; footer?: React.ReactNode; busy?: boolean; wide?: boolean };

export function Dialog({ open, onClose, title, children, footer, busy, wide }: Props) {
  const t = useTranslations('shell');
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && dialog) {
      showModal(dialog);
      dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  if (!open) return null;
  return (
    <dialog ref={ref} aria-labelledby={id}
      onCancel={(event) => { event.preventDefault(); if (!busy) onClose(); }}
      onMouseDown={(event) => { if (event.target === ref.current && !busy) onClose(); }}
      className={clsx(
        'm-auto max-h-[min(88dvh,860px)] w-full max-w-[calc(100vw-24px)] overflow-hidden rounded-lg border bg-raised p-0 shadow-overlay backdrop:bg-[var(--scrim)]',
        'max-sm:mb-3', wide ? 'sm:max-w-3xl' : 'sm:max-w-xl',
      )}>
      <div className="grid max-h-[min(88dvh,860px)] grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto]">
        <header className="flex items-start gap-3 px-5 pt-4 pb-1">
          <h2 id={id} className="min-w-0 flex-1 pt-0.5 text-xl font-semibold">{title}</h2>
          <IconButton label={t('close')} disabled={busy} onClick={onClose}><X /></IconButton>
        </header>
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto px-5 py-3">{children}</div>
        {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3.5">{footer}</footer>}
      </div>
    </dialog>
  );
}
