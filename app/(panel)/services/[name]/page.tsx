import type { Metadata } from 'next';
import { ServicePage } from '#components/services/service-page.tsx';
import { requireSession } from '#lib/access/session.ts';

type Props = { params: Promise<{ name: string }> };

const named = async ({ params }: Props) => {
  const { name } = await params;
  try {
    return decodeURIComponent(name).slice(0, 100);
  } catch {
    return name.slice(0, 100);
  }
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await named(props) };
}

export default async function Service(props: Props) {
  await requireSession();
  return <ServicePage name={await named(props)} />;
}
