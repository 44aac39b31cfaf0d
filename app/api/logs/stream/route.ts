import { requireSession } from '#lib/access/session.ts';
import { sessionStream } from '#lib/access/session-stream.ts';
import { logHub } from '#lib/docker/log-hub.ts';
import { decodePositions, encodePositions } from '#lib/docker/log-position.ts';
import { answerError } from '../answer-error.ts';
import { DEFAULT_TAIL, logRequest } from '../log-request.ts';

export const dynamic = 'force-dynamic';

/**
 * Live lines of any set of services. `data:` is a JSON array of LogRun, `id:` resumes behind that batch
 * (`Last-Event-ID`, or `?after=` for a reader that sets no headers).
 */
export async function GET(request: Request): Promise<Response> {
  const session = await requireSession();
  let options: Awaited<ReturnType<typeof logRequest>>;
  try {
    options = await logRequest(request, DEFAULT_TAIL);
  } catch (error) {
    return answerError(error);
  }
  const resume = decodePositions(request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after'));
  return sessionStream(request, session, async (out) => {
    for await (const { runs, positions } of logHub().follow({ ...options, resume }, out.signal)) {
      const id = encodePositions(positions);
      if (!out.send(JSON.stringify(runs), id ? { id } : {})) await out.drained();
    }
  });
}
