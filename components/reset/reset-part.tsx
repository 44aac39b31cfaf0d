'use client';
/** `<ResetPartCard part onAsk />`: what one part is, what goes by name and size, what that means, and why it can't be now. */
import type { GoingFolder, ResetPartView } from '#lib/operations/reset/schema.ts';
import { useFormatter, useTranslations } from 'next-intl';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useBytes } from '../ui/bytes.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { State } from '../ui/state.tsx';
import { At } from '../ui/time-ago.tsx';

export function ResetPartCard({ part, onAsk }: { part: ResetPartView; onAsk: () => void }) {
  const t = useTranslations('reset');
  const bytes = useBytes();
  const format = useFormatter();
  const name = t(`part.${part.part}.title`);
  const nothing = part.blocked.some(({ code }) => code === 'reset_nothing');
  return (
    <Card title={<span className={name.startsWith('.') ? undefined : 'inline-block first-letter:uppercase'}>{name}</span>} source={part.listing && !nothing ? t('sum', { files: format.number(part.files), size: bytes(part.bytes) }) : undefined}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <p className="max-w-[75ch] text-lg">{t(`part.${part.part}.means`)}</p>
        <p className="max-w-[75ch] text-base text-ink-2">{t(`part.${part.part}.after`)}</p>
        {nothing ? <p className="text-base text-ink-3">{t('nothing')}</p> : part.folders.map((folder) => <Going key={folder.dir} folder={folder} />)}
        {part.holdsKey && !nothing && (part.backup
          ? <p><State state="ok">{t('backupThere')}</State> <span className="text-sm text-ink-3"><At at={part.backup.readBackAt} /></span></p>
          : <p className="text-base text-ink-2">{t('backupFirst')}</p>)}
        {!nothing && part.blocked.map((why) => (
          <ErrorNotice key={why.code} error={why} state="attention" action={why.code === 'gate_reset_running' && <ButtonLink size="sm" href="/services">{t('toServices')}</ButtonLink>} />
        ))}
        {!nothing && <div><Button kind="danger" disabled={part.blocked.length > 0 || !part.listing} onClick={onAsk}>{t('ask', { part: name })}</Button></div>}
      </CardBody>
    </Card>
  );
}

function Going({ folder: { dir, entries, more } }: { folder: GoingFolder }) {
  const t = useTranslations('reset');
  const bytes = useBytes();
  const format = useFormatter();
  if (entries.length === 0) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1 rounded-md border bg-sunken px-3 py-2.5">
      <code className="text-sm break-all text-ink-2">{dir}</code>
      <ul className="grid gap-0.5">
        {entries.map((one) => (
          <li key={one.path} className="flex items-baseline gap-3">
            <code className="min-w-0 flex-1 text-base break-all">{one.path}{one.type === 'dir' ? '/' : ''}</code>
            <span className="num flex-none text-right text-sm text-ink-2">{one.type === 'link' ? t('link') : bytes(one.bytes)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-sm text-ink-2">{t('more', { count: format.number(more) })}</p>}
    </div>
  );
}
