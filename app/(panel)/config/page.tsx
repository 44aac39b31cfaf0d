import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ConfigPage } from '#components/config/config-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('config.page'))('title') };
}

export default async function Config() {
  await requireSession();
  return <ConfigPage />;
}
