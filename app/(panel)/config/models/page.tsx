import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { ModelsPage } from '#components/models/models-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('models'))('title') };
}

export default async function Models() {
  await requireSession();
  return <Suspense><ModelsPage /></Suspense>;
}
