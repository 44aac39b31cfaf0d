import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { OverviewPage } from '#components/overview/overview-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('overview') };
}

export default async function Overview() {
  await requireSession();
  return <OverviewPage />;
}
