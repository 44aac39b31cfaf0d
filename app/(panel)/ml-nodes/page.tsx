import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { MlNodesPage } from '#components/ml-nodes/ml-nodes-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('mlNodes'))('title') };
}

export default async function MlNodes() {
  await requireSession();
  return <MlNodesPage />;
}
