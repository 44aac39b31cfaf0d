import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { logHub } from '#lib/docker/log-hub.ts';
import { answerError } from '../answer-error.ts';
import { logRequest } from '../log-request.ts';

export const dynamic = 'force-dynamic';

const BUFFER_BYTES = 256 * 1024;
const ANSI = /\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;

/**
 * The same lines as a text file: `time service line`, secrets masked. `ansi=keep` leaves colour codes in. Read at the
 * client's pace, so a log of any size costs no memory.
 */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  let options: Awaited<ReturnType<typeof logRequest>>;
  try {
    options = await logRequest(request, undefined);
  } catch (error) {
    return answerError(error);
  }
  const keepColours = new URL(request.url).searchParams.get('ansi') === 'keep';
  const abort = new AbortController();
  const stop = () => abort.abort();
  request.signal.addEventListener('abort', stop, { once: true });
  const lines = logHub().past(options, abort.signal);
  let first: Awaited<ReturnType<typeof lines.next>>;
  try {
    // An engine that is down answers as an error, not as an empty file.
    first = await lines.next();
  } catch (error) {
    stop();
    return answerError(error);
  }
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const step = first ?? (await lines.next());
          first = undefined as never;
          if (step.done) {
            request.signal.removeEventListener('abort', stop);
            controller.close();
            return;
          }
          let text = '';
          for (const { time, service, line } of step.value) text += `${time} ${service} ${keepColours ? line : line.replace(ANSI, '')}\n`;
          controller.enqueue(encoder.encode(text));
        } catch (error) {
          stop();
          // Broken off, so that half a file doesn't look like a whole one.
          controller.error(error);
        }
      },
      async cancel() {
        stop();
        await lines.return(undefined);
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName(options.services)}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store, no-transform',
    },
  });
}

function fileName(services: string[]): string {
  const names = services.map((name) => name.replace(/[^a-zA-Z0-9_-]/g, '_')).join('-').slice(0, 60);
  return `${names}-${new Date(clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}.log`;
}
