import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { EffectivePage } from '#components/config/effective-page.tsx';
import { requireSession } from '#lib/access/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('config.effective'))('title') };
}

export default async function Effective() {
  await requireSession();
  return <EffectivePage />;
}
