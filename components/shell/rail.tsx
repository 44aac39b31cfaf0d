'use client';
import clsx from 'clsx';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { BrandMark } from './brand.tsx';
import { isHere } from './pages.ts';
import { LeavingMark } from './leaving-mark.tsx';
import { NeedsCount } from './needs-count.tsx';
import { RailFoot } from './rail-foot.tsx';
import { useRailPages } from './use-rail-pages.ts';

export function Rail({ user, openPalette }: { user: string; openPalette: () => void }) {
  const t = useTranslations('nav');
  const path = usePathname();
  const pages = useRailPages();
  return (
    <header className="sticky top-0 flex h-dvh flex-col gap-0.5 overflow-y-auto border-r px-3 py-4 max-md:hidden">
      <Link href="/" className="flex items-center gap-2.5 rounded-md px-2 pt-1 pb-3 font-bold">
        <BrandMark className="size-5.5 text-accent" />gonka-panel
      </Link>
      <button type="button" onClick={openPalette} className="mb-2 flex items-center gap-2 rounded-md border border-line-strong px-2.5 py-1 text-sm text-ink-3 hover:bg-sunken hover:text-ink">
        <Search aria-hidden="true" className="size-3.5" />{t('find')}<span className="ml-auto font-mono text-xs" aria-hidden="true">⌘K</span>
      </button>
      <nav aria-label={t('pages')} className="grid gap-0.5">
        {pages.map(({ href, name, icon: Icon }) => (
          <Link key={href} href={href} prefetch={false} aria-current={isHere(href, path) ? 'page' : undefined}
            className={clsx('group flex items-center gap-2.5 rounded-md px-2.5 py-1.75 text-base text-ink-2 transition-colors hover:bg-sunken', 'aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-ink')}>
            <Icon aria-hidden="true" strokeWidth={1.8} className="size-4.25 flex-none opacity-80 group-aria-[current]:text-accent group-aria-[current]:opacity-100" />
            <span>{t(name)}</span>
            {name === 'overview' && <NeedsCount className="ml-auto" />}
            {name === 'leave' && <LeavingMark className="ml-auto" />}
          </Link>
        ))}
      </nav>
      <RailFoot user={user} />
    </header>
  );
}
