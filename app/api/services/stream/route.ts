import { requireSession } from '#lib/access/session.ts';
import { sessionStream } from '#lib/access/session-stream.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';

/** A burst of events (a recreate is five) is one look. */
const GATHER_MS = 200;

/** SSE: `event: changed` whenever a container changed or the engine came or went. It carries nothing; GET /api/services has the facts. */
export async function GET(request: Request): Promise<Response> {
  const session = await requireSession();
  return sessionStream(request, session, ({ send, signal }) =>
    new Promise<void>((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const leave = engineWatch().subscribe(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          send('{}', { event: 'changed' });
        }, GATHER_MS);
      });
      const end = () => {
        clearTimeout(timer);
        leave();
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }),
  );
}
