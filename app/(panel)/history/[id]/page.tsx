import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { OperationPage } from '#components/history/operation-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('history'))('operation') };
}

export default async function Operation({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const { id } = await params;
  if (!/^[\da-f-]{36}$/i.test(id)) notFound();
  return <OperationPage id={id} />;
}
