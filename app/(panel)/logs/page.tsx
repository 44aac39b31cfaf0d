import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { LogViewer } from '#components/logs/log-viewer.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('logs'))('title') };
}

export default async function LogsPage() {
  await requireSession();
  return <Suspense><LogViewer /></Suspense>;
}
