import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { OverviewPage } from '#components/overview/overview-page.tsx';
import { requireSession } from '#lib/access/session.ts';
import { hasDeployDir } from '#lib/deployment/current.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('overview') };
}

export default async function Overview() {
  await requireSession();
  // Nothing to overlook yet: the first page is the choice of the directory.
  if (!(await hasDeployDir())) redirect('/deployment');
  return <OverviewPage />;
}
