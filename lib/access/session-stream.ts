import 'server-only';
import { createHash } from 'node:crypto';
import { type SseOut, sseResponse } from '#lib/core/sse.ts';
import { auth } from './auth.ts';
import type { PanelSession } from './session.ts';

/**
 * An event stream of a signed-in person: at most 20 per session, and ended within 30 s when the session is over (at once
 * by `endStreams(user.id)`).
 */
export function sessionStream(request: Request, session: PanelSession, run: (out: SseOut) => Promise<void>): Response {
  const cookie = request.headers.get('cookie') ?? '';
  const headers = new Headers({ cookie });
  const token = /(?:^|;\s*)(?:__Host-|__Secure-)?panel\.session_token=([^;]+)/.exec(cookie)?.[1] ?? '';
  return sseResponse(request, run, {
    owner: `${session.user.id}/${createHash('sha256').update(token).digest('hex').slice(0, 16)}`,
    check: async () => (await auth().api.getSession({ headers })) !== null,
  });
}
