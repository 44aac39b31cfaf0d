import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ResetPage } from '#components/reset/reset-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reset'))('title') };
}

export default async function Reset() {
  await requireSession();
  return <ResetPage />;
}
