import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { auth } from './auth.ts';

export type PanelSession = { user: { id: string; name: string; username: string }; ip: string; /** Tells two browsers apart; never leaves the server. */ sessionId: string };

/**
 * The signed-in person, or a redirect to the sign-in page. First line of every page, layout loader, route handler
 * and action: the gate in front refuses the same request, but a lock that hangs on one nail isn't one.
 */
export async function requireSession(): Promise<PanelSession> {
  const given = await headers();
  const session = await auth().api.getSession({ headers: given });
  if (!session) redirect('/login');
  const { id, name, username } = session.user as { id: string; name: string; username?: string | null };
  return { user: { id, name, username: username ?? name }, ip: given.get('x-panel-ip') ?? 'unknown', sessionId: session.session.id };
}
