import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Entrance } from '#components/access/entrance.tsx';
import { SignInForm } from '#components/access/sign-in-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('login'))('title') };
}

export default async function LoginPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { next } = await searchParams;
  const t = await getTranslations('login');
  return (
    <Entrance title={t('title')} text={t('text')}>
      <SignInForm next={typeof next === 'string' ? next : undefined} />
    </Entrance>
  );
}
