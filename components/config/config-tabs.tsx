'use client';
/** `<ConfigTabs />`: the parts of the configuration, as links, under the headline of each of its pages. */
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';

const TABS = [
  { href: '/config', name: 'variables' },
  { href: '/config/ml-nodes', name: 'mlNodes' },
  { href: '/config/models', name: 'models' },
  { href: '/config/effective', name: 'effective' },
] as const;

export function ConfigTabs() {
  const t = useTranslations('config.tabs');
  const path = usePathname();
  return (
    <nav aria-label={t('label')} className="-mx-4 overflow-x-auto px-4 md:mx-0 md:px-0">
      <ul className="flex min-w-max gap-1 border-b">
        {TABS.map(({ href, name }) => (
          <li key={href}>
            <Link href={href} prefetch={false} aria-current={path === href ? 'page' : undefined}
              className="-mb-px block rounded-t-md border-b-2 border-transparent px-3 py-2 text-base max-sm:py-3 whitespace-nowrap text-ink-2 -outline-offset-2 transition-colors hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink">
              {t(name)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
