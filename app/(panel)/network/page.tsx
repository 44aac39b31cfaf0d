import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { NetworkPage } from '#components/network/network-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('network') };
}

export default async function Network() {
  await requireSession();
  return <NetworkPage />;
}
