import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { StartChainPage } from '#components/start-chain/start-chain-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('startChain'))('title') };
}

export default async function StartChain() {
  await requireSession();
  return <StartChainPage />;
}
