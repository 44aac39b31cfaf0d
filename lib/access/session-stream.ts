import 'server-only';
import { type SseOut, sseResponse } from '#lib/core/sse.ts';
import { auth } from './auth.ts';
import type { PanelSession } from './session.ts';

/**
 * An event stream of a signed-in person: counted per person, and ended within 30 s when the session is over (at once
 * by `endStreams(user.id)`).
 */
export function sessionStream(request: Request, session: PanelSession, run: (out: SseOut) => Promise<void>): Response {
  const headers = new Headers({ cookie: request.headers.get('cookie') ?? '' });
  return sseResponse(request, run, {
    owner: session.user.id,
    check: async () => (await auth().api.getSession({ headers })) !== null,
  });
}
