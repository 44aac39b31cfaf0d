import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { DeploymentPage } from '#components/deployment/deployment-page.tsx';
import { requireSession } from '#lib/access/session.ts';
import { choose } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('deployment'))('titleChosen') };
}

export default async function Deployment() {
  await requireSession();
  return <DeploymentPage choose={choose} />;
}
