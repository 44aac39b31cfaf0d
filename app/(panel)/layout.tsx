import { Shell } from '#components/shell/shell.tsx';
import { requireSession } from '#lib/access/session.ts';

export default async function PanelLayout({ children }: { children: React.ReactNode }) {
  const { user } = await requireSession();
  return <Shell user={user.name}>{children}</Shell>;
}
