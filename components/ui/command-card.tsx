'use client';
/**
 * `<CommandCard title text expect note>`: the exact text to run on the operator's own machine, with copy, what it prints when all
 * went well, and a QR code that carries the text to a machine which doesn't show this page.
 */
import clsx from 'clsx';
import { Laptop } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Command } from './command.tsx';
import { qrCode } from './qr-code.ts';
import { QrPicture } from './qr-picture.tsx';

type Props = {
  title: string;
  /** Literally what is run; several lines are several commands. */
  text: string;
  /** What it prints when it worked. Never translated. */
  expect?: string;
  note?: React.ReactNode;
  /** Default: the operator's own machine. */
  where?: string;
  className?: string;
};

export function CommandCard({ title, text, expect, note, where, className }: Props) {
  const t = useTranslations('commandCard');
  const [scan, setScan] = useState(false);
  const scannable = qrCode(text) !== undefined;
  return (
    <section aria-label={title} className={clsx('grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2.5', className)}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 font-medium">{title}</p>
        <span className="inline-flex items-center gap-1.5 text-sm text-ink-3"><Laptop aria-hidden="true" className="size-3.5" />{where ?? t('ownMachine')}</span>
      </div>
      <Command text={text} />
      {note && <div className="grid gap-1 text-base text-ink-2">{note}</div>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
        {expect && (
          <details>
            <summary className="w-fit text-sm text-ink-2 hover:text-ink">{t('expect')}</summary>
            <pre className="mt-2 rounded-md bg-sunken px-3 py-2.5 text-[0.8rem] leading-relaxed break-words whitespace-pre-wrap text-ink-2">{expect}</pre>
          </details>
        )}
        {scannable ? (
          <details onToggle={(event) => setScan(event.currentTarget.open)}>
            <summary className="w-fit text-sm text-ink-2 hover:text-ink">{t('scan')}</summary>
            {scan && <div className="mt-2 grid gap-2"><QrPicture text={text} label={t('picture', { title })} className="w-64" /><p className="text-sm text-ink-3">{t('scanHelp')}</p></div>}
          </details>
        ) : <p className="text-sm text-ink-3">{t('tooLong')}</p>}
      </div>
    </section>
  );
}
