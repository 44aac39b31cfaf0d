'use client';
import { usePathname } from 'next/navigation';
import { useMessages, useTranslations } from 'next-intl';
import { Dialog } from '../ui/dialog.tsx';
import { pages } from './pages.ts';

const Keys = ({ keys }: { keys: readonly string[] }) => (
  <span className="flex gap-1">{keys.map((key) => <kbd key={key} className="min-w-6 rounded-sm border border-line-strong bg-sunken px-1.5 text-center text-sm">{key}</kbd>)}</span>
);

/** Every key; a page adds its own by the messages `<page>.keys` ({ "f": "follow", … }). */
export function KeyList({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations('shell');
  const nav = useTranslations('nav');
  const messages = useMessages() as Record<string, { keys?: Record<string, string> } | undefined>;
  const room = usePathname().split('/')[1] || 'overview';
  const own = Object.entries(messages[room]?.keys ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const rows: [readonly string[], string][] = [
    [['⌘', 'K'], t('keyPalette')], [['?'], t('keyKeys')], [['Esc'], t('keyClose')],
    ...pages.map((page): [readonly string[], string] => [['g', page.key], t('keyGo', { page: nav(page.name) })]),
    ...own.map(([key, text]): [readonly string[], string] => [[key], text]),
  ];
  return (
    <Dialog open={open} onClose={onClose} title={t('keys')}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-5 gap-y-2 pb-2 text-base">
        {rows.map(([keys, text]) => <div key={keys.join()} className="contents"><dt><Keys keys={keys} /></dt><dd>{text}</dd></div>)}
      </dl>
    </Dialog>
  );
}
