import type { Metadata } from 'next';
import Link from 'next/link';
import { getTimeZone, getTranslations } from 'next-intl/server';
import { ChangePassword } from '#components/access/change-password.tsx';
import { Preferences } from '#components/shell/preferences.tsx';
import { SignOut } from '#components/shell/sign-out.tsx';
import { Card, CardBody } from '#components/ui/card.tsx';
import { Page, PageHead } from '#components/ui/page.tsx';
import { requireSession } from '#lib/access/session.ts';
import { panelEnv } from '#lib/core/env.ts';
import { version } from '../../../package.json';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('settings') };
}

export default async function SettingsPage() {
  const { user } = await requireSession();
  const t = await getTranslations('settings');
  const nav = await getTranslations('nav');
  const deployment = await getTranslations('deployment');
  const env = panelEnv();
  const about: [string, string][] = [
    [t('version'), version], ['Node.js', process.version], [t('dataDir'), env.dataDir], [t('docker'), env.docker.host],
    [t('seeds'), env.seedApiUrls.join('\n')], [t('timeZone'), await getTimeZone()],
  ];
  return (
    <Page narrow>
      <PageHead title={nav('settings')} />
      <Card title={t('appearance')}><CardBody><Preferences /></CardBody></Card>
      <Card title={t('account')}>
        <CardBody className="grid gap-5">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p>{t('signedIn')} <b>{user.username}</b></p>
            <SignOut button />
          </div>
          <h3 className="-mb-2 text-base font-semibold">{t('changePassword')}</h3>
          <ChangePassword username={user.username} />
        </CardBody>
      </Card>
      <Card title={deployment('titleChosen')} action={<Link href="/deployment" prefetch={false} className="link">{deployment('toPage')}</Link>}>
        <CardBody><p className="text-base text-ink-2">{deployment('introChosen')}</p></CardBody>
      </Card>
      <Card title={t('about')}>
        <CardBody>
          <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-base">
            {about.map(([name, value]) => <div key={name} className="contents"><dt className="text-ink-3">{name}</dt><dd className="num break-words whitespace-pre-line">{value}</dd></div>)}
          </dl>
          <p className="pt-3 text-sm text-ink-3">{t('aboutText')}</p>
        </CardBody>
      </Card>
    </Page>
  );
}
