'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useOverview } from '../overview/use-overview.ts';
import { showModal } from '../ui/dialog.tsx';
import { leaveFor } from '../ui/leave-guard.ts';
import { State } from '../ui/state.tsx';
import { pages } from './pages.ts';

/** ⌘K: pages, and every service's detail and logs. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return open ? <PaletteBox onClose={onClose} /> : null;
}

function PaletteBox({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell');
  const nav = useTranslations('nav');
  const router = useRouter();
  const list = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const { data } = useOverview();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => { if (ref.current) showModal(ref.current); }, []);

  const found = useMemo(() => {
    const all = [
      ...pages.map((page) => ({ href: page.href, label: nav(page.name), hint: t('palettePage'), words: page.name, state: undefined })),
      ...(data?.services.list ?? []).flatMap((service) => [
        { href: `/services/${encodeURIComponent(service.name)}`, label: service.name, hint: nav('services'), words: `${service.name} services`, state: service.state },
        { href: `/logs?service=${encodeURIComponent(service.name)}`, label: t('paletteLogs', { service: service.name }), hint: nav('logs'), words: `${service.name} logs`, state: undefined },
      ]),
    ];
    const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return all.filter((each) => wanted.every((word) => `${each.label} ${each.words}`.toLowerCase().includes(word))).slice(0, 12);
  }, [data, nav, t, text]);
  const chosen = Math.min(at, found.length - 1);
  const go = (href: string | undefined) => {
    if (!href) return;
    onClose();
    leaveFor(() => router.push(href));
  };

  return (
    <dialog ref={ref} aria-label={nav('find')} onCancel={(event) => { event.preventDefault(); onClose(); }} onMouseDown={(event) => { if (event.target === ref.current) onClose(); }}
      className="mx-auto mt-[12dvh] mb-auto w-full max-w-[min(560px,calc(100vw-24px))] overflow-hidden rounded-lg border bg-raised p-0 shadow-overlay backdrop:bg-[var(--scrim)]">
      <input autoFocus role="combobox" aria-expanded="true" aria-controls={list} aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined} aria-label={nav('find')} placeholder={t('palettePlaceholder')}
        value={text} onChange={(event) => { setText(event.target.value); setAt(0); }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            setAt((chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % Math.max(1, found.length));
          } else if (event.key === 'Enter') go(found[chosen]?.href);
        }}
        className="w-full border-b bg-transparent px-4 py-3.5 text-xl outline-none" />
      <div id={list} role="listbox" tabIndex={-1} aria-label={nav('find')} className="max-h-[50dvh] overflow-y-auto p-1.5">
        {found.map((each, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the focus and the keys
          <div key={each.href} tabIndex={-1} id={`${list}-${index}`} role="option" aria-selected={index === chosen} onMouseMove={() => setAt(index)} onClick={() => go(each.href)}
            className="flex cursor-pointer items-center gap-3 rounded-md px-3 py-2 text-base aria-selected:bg-accent-soft">
            <span className="truncate">{each.label}</span>
            {each.state && <State state={each.state} />}
            <span className="ml-auto text-sm text-ink-2">{each.hint}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="px-4 pb-4 text-base text-ink-2" role="status">{t('paletteNothing')}</p>}
    </dialog>
  );
}
