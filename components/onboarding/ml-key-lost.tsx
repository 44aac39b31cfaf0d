'use client';
/** `<MlKeyLost now open />`: what to do when the key of a registered host is lost (facts 8.3), from the cheapest way to the dearest. */
import { Server } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Command } from '../ui/command.tsx';
import { Notice } from '../ui/notice.tsx';
import type { MlKeyNow } from './ml-key-data.ts';

export function MlKeyLost({ now: { server, file }, open }: { now: MlKeyNow; open: boolean }) {
  const t = useTranslations('mlKey.lost');
  if (!server) return null;
  const ring = `${server.home}/keyring-file`;
  const user = server.user ? ['--user', server.user] : [];
  const recover = ['docker', 'run', '--rm', '-it', '--network', 'none', '--log-driver', 'none', ...user, '-v', `${server.home}:/root/.inference`, '--entrypoint', 'inferenced', server.image, 'keys', 'add', server.name, '--recover', '--keyring-backend', 'file'];
  // Beside an existing key this command could overwrite it: it is not even shown.
  const absent = file?.state === 'absent';
  return (
    <details open={open} className="rounded-lg border bg-surface">
      <summary className="cursor-pointer px-4 py-3 text-lg font-medium">{t('title')}</summary>
      <ol className="grid grid-cols-[minmax(0,1fr)] gap-5 px-4 pt-1 pb-4">
        <Way n={1} title={t('look.title')} text={t('look.text')}><OnServer argv={['sudo', 'ls', '-l', ring]} /></Way>
        <Way n={2} title={t('backup.title')} text={t('backup.text', { ring })} />
        <Way n={3} title={t('words.title')} text={t('words.text')}>{absent ? <><OnServer argv={recover} /><p className="text-sm text-ink-3">{t('words.source')}</p></> : <p className="text-base text-ink-2">{t('words.present')}</p>}</Way>
        <Way n={4} title={t('new.title')} text={t('new.text')}>
          <Notice state="attention" title={t('new.price.title')}><p>{t('new.price.text')}</p></Notice>
          <ol className="grid list-decimal gap-1 pl-5 text-base text-ink-2">
            <li>{t.rich('new.stop', { services: (chunks) => <Link className="link underline" href="/services">{chunks}</Link> })}</li>
            <li>{t('new.make')}</li>
            <li>{t.rich('new.grant', { grant: (chunks) => <Link className="link underline" href="/onboarding/grant">{chunks}</Link> })}</li>
            <li>{t('new.start')}</li>
          </ol>
        </Way>
      </ol>
    </details>
  );
}

function Way({ n, title, text, children }: { n: number; title: string; text: string; children?: React.ReactNode }) {
  return (
    <li className="grid max-w-[75ch] grid-cols-[minmax(0,1fr)] gap-2">
      <p className="font-semibold"><span className="num text-ink-3">{n}.</span> {title}</p>
      <p className="text-base break-words text-ink-2">{text}</p>
      {children}
    </li>
  );
}

function OnServer({ argv }: { argv: string[] }) {
  const t = useTranslations('mlKey.lost');
  return <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5"><p className="inline-flex items-center gap-1.5 text-sm text-ink-3"><Server aria-hidden="true" className="size-3.5" />{t('onServer')}</p><Command argv={argv} /></div>;
}
