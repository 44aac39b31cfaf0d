import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { LeavePage } from '#components/leave/leave-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('leave') };
}

export default async function Leave() {
  await requireSession();
  return <LeavePage />;
}
