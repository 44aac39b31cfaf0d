'use client';
/** The page before there is a file to show: loading, no directory chosen, no config.env in it. */
import { useTranslations } from 'next-intl';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Command } from '../ui/command.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading, Skeleton } from '../ui/skeleton.tsx';
import type { ConfigNow } from './config-data.ts';

export function ConfigLoading() {
  const shell = useTranslations('shell');
  const groups = useTranslations('config.groups');
  return (
    <Loading label={shell('loading')} className="grid gap-4 md:gap-6">
      <div className="grid gap-3"><Skeleton className="h-10 w-full max-w-md" /><Skeleton className="h-7 w-full max-w-xl" /></div>
      {(['identity', 'addresses'] as const).map((group) => (
        <Card key={group} title={groups(`${group}.title`)}>
          <div aria-hidden="true" className="mt-3">
            {['a', 'b', 'c'].map((key) => <div key={key} className="grid gap-x-8 gap-y-2 border-t px-4 py-4 sm:px-4.5 lg:grid-cols-[15rem_minmax(0,1fr)]"><Skeleton className="h-4 w-32" /><div className="grid gap-2"><Skeleton className="h-10 w-full" /><Skeleton className="h-4 w-3/4" /></div></div>)}
          </div>
        </Card>
      ))}
    </Loading>
  );
}

export function NoConfig({ now }: { now: ConfigNow }) {
  const t = useTranslations('config.none');
  const services = useTranslations('services');
  if (now.noDeployment || (now.text === undefined && now.path === '')) {
    return <Card><Empty title={t('noDeployment.title')} action={<ButtonLink kind="primary" href="/deployment">{services('noDeployment.action')}</ButtonLink>}>{t('noDeployment.text')}</Empty></Card>;
  }
  if (now.text === undefined) return <Card><Empty title={t('unreadable.title')}>{t('unreadable.text', { path: now.path })}</Empty></Card>;
  const template = `${now.path}.template`;
  return (
    <Card>
      <Empty title={t('absent.title')}>{t('absent.text', { path: now.path })}</Empty>
      <CardBody className="mx-auto grid max-w-2xl gap-2 pb-8">
        <Command text={`cp ${quoted(template)} ${quoted(now.path)}\nchmod 600 ${quoted(now.path)}`} />
        <p className="text-sm text-ink-3">{t('absent.after')}</p>
      </CardBody>
    </Card>
  );
}

const quoted = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
