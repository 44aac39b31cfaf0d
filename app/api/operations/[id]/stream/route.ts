import { requireSession } from '#lib/access/session.ts';
import { sessionStream } from '#lib/access/session-stream.ts';
import { operation } from '#lib/operations/journal.ts';
import { operationStream } from '#lib/operations/operation-stream.ts';
import { operationId } from '#lib/operations/schema.ts';

/**
 * An operation as it goes: events `operation` (the row and its steps), `output` (lines; `id:` is the last one's, by which
 * the stream is taken up again) and `end`.
 */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const session = await requireSession();
  const { id } = await params;
  const found = operationId.safeParse(id).success ? await operation(id) : undefined;
  if (!found) return Response.json({ error: { code: 'operation_unknown', params: { id: id.slice(0, 40) } } }, { status: 404 });
  const resume = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after');
  return sessionStream(request, session, async (out) => {
    let last = Number(resume) || 0;
    for await (const event of operationStream(id, { after: last, signal: out.signal })) {
      if (event.type === 'output') last = event.lines.at(-1)?.id ?? last;
      const more = out.send(JSON.stringify(event), { event: event.type, ...(event.type === 'output' ? { id: String(last) } : {}) });
      if (!more) await out.drained();
    }
  });
}
