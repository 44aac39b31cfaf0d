import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { NodeConfigPage } from '#components/node-config/node-config-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nodeConfig'))('title') };
}

export default async function MlNodesConfig() {
  await requireSession();
  return <Suspense><NodeConfigPage /></Suspense>;
}
