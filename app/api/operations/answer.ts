import './surround.ts';
import { randomUUID } from 'node:crypto';
import { unstable_rethrow } from 'next/navigation';
import { z } from 'zod';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';

/** JSON of what `work` gives, or `{error: {code, params}}`: expected failures by their code, all else by an event id. */
export async function answer(work: () => Promise<unknown>): Promise<Response> {
  try {
    return Response.json((await work()) ?? { ok: true });
  } catch (error) {
    unstable_rethrow(error);
    if (isPanelError(error)) return Response.json({ error: { code: error.code, params: error.params } }, { status: error.status });
    if (error instanceof z.ZodError || error instanceof SyntaxError) return Response.json({ error: { code: 'bad_request', params: {} } }, { status: 400 });
    const event = randomUUID().slice(0, 8);
    log.error({ err: error, event }, 'operations route failed');
    return Response.json({ error: { code: 'unexpected', params: { event } } }, { status: 500 });
  }
}
