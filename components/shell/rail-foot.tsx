'use client';
import { useTranslations } from 'next-intl';
import { useOverview } from '../overview/use-overview.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import { SignOut } from './sign-out.tsx';
import { SourceName } from '../ui/source-name.tsx';

/** Which host this is, how fresh the picture is, who is signed in. */
export function RailFoot({ user }: { user: string }) {
  const t = useTranslations('shell');
  const { data, error } = useOverview();
  const epoch = data?.network?.epoch;
  return (
    <div className="mt-auto grid gap-1 px-2.5 pt-4 text-xs text-ink-3">
      {data?.host && <span className="break-words">{data.release ? t('hostRelease', { release: data.release, host: data.host }) : t('host', { host: data.host })}</span>}
      {error ? <span className="text-bad">{t('panelUnreachable')}</span> : epoch?.at !== undefined && epoch.source ? <span className="num"><SourceName source={epoch.source} /> · <TimeAgo at={epoch.at} /></span> : null}
      <span className="mt-1 flex items-center justify-between gap-2 border-t pt-2"><span className="truncate">{user}</span><SignOut /></span>
    </div>
  );
}
