'use client';
import clsx from 'clsx';
import { Ellipsis, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { LeavingMark } from './leaving-mark.tsx';
import { NeedsCount } from './needs-count.tsx';
import { isHere } from './pages.ts';
import { Preferences } from './preferences.tsx';
import { SignOut } from './sign-out.tsx';
import { useRailPages } from './use-rail-pages.ts';

const entry = 'relative flex min-w-14 flex-col items-center gap-0.5 rounded-md px-2 py-1 text-[0.72rem] text-ink-2 aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-ink [&_svg]:size-4.5';

/** Five entries on phones; what has no place there is behind "More". */
export function BottomBar({ user, openPalette }: { user: string; openPalette: () => void }) {
  const t = useTranslations('nav');
  const path = usePathname();
  const pages = useRailPages();
  const [more, setMore] = useState(false);
  const [shownAt, setShownAt] = useState(path);
  if (shownAt !== path) {
    setShownAt(path); // another page: the sheet has done its work
    setMore(false);
  }
  const behind = pages.filter((page) => !page.bar);
  return (
    <>
      <nav aria-label={t('pages')} className="fixed inset-x-0 bottom-0 z-30 flex h-[var(--bar)] items-start justify-around border-t bg-surface px-1 pt-1.5 md:hidden">
        {pages.filter((page) => page.bar).map(({ href, name, icon: Icon }) => (
          <Link key={href} href={href} prefetch={false} aria-current={isHere(href, path) ? 'page' : undefined} className={entry}>
            <Icon aria-hidden="true" strokeWidth={1.8} />{t(name)}
            {name === 'overview' && <NeedsCount className="absolute -top-0.5 right-1" />}
            {name === 'leave' && <LeavingMark className="absolute -top-0.5 right-1" />}
          </Link>
        ))}
        <button type="button" onClick={() => setMore(true)} aria-haspopup="dialog" aria-current={behind.some((page) => isHere(page.href, path)) ? 'page' : undefined} className={entry}>
          <Ellipsis aria-hidden="true" strokeWidth={1.8} />{t('more')}
        </button>
      </nav>
      <Dialog open={more} onClose={() => setMore(false)} title={t('more')}>
        <nav aria-label={t('morePages')} className="grid gap-1">
          {behind.map(({ href, name, icon: Icon }) => (
            <Link key={href} href={href} prefetch={false} aria-current={isHere(href, path) ? 'page' : undefined} className={clsx('flex items-center gap-3 rounded-md px-3 py-2.5 text-lg hover:bg-sunken aria-[current]:bg-accent-soft')}>
              <Icon aria-hidden="true" strokeWidth={1.8} className="size-4.5 text-ink-2" />{t(name)}
            </Link>
          ))}
          <button type="button" onClick={() => { setMore(false); openPalette(); }} className="flex items-center gap-3 rounded-md px-3 py-2.5 text-left text-lg hover:bg-sunken">
            <Search aria-hidden="true" className="size-4.5 text-ink-2" />{t('find')}
          </button>
        </nav>
        <Preferences />
        <div className="flex items-center justify-between gap-3 border-t pt-3 text-base text-ink-2"><span>{user}</span><SignOut button /></div>
      </Dialog>
    </>
  );
}
