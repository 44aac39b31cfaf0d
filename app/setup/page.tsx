import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Entrance } from '#components/access/entrance.tsx';
import { NoLink } from '#components/access/no-link.tsx';
import { SetupForm } from '#components/access/setup-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('setup'))('title') };
}

export default async function SetupPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { token } = await searchParams;
  const t = await getTranslations('setup');
  return (
    <Entrance title={t('title')} text={t('text')}>
      {typeof token === 'string' && token ? <SetupForm token={token} /> : <NoLink why="missing" />}
    </Entrance>
  );
}
