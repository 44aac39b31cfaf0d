import { requireSession } from '#lib/access/session.ts';
import { PanelError } from '#lib/core/errors.ts';
import { operation, operationOutput } from '#lib/operations/journal.ts';
import { operationId } from '#lib/operations/schema.ts';
import { answer } from '../answer.ts';

type Context = { params: Promise<{ id: string }> };

/** One operation with its steps and the output after line `?after=`. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  await requireSession();
  return answer(async () => {
    const { id } = await params;
    const found = operationId.safeParse(id).success ? await operation(id) : undefined;
    if (!found) throw new PanelError('operation_unknown', { id: id.slice(0, 40) }, { status: 404 });
    const after = Number(new URL(request.url).searchParams.get('after')) || 0;
    return { operation: found, output: await operationOutput(id, after) };
  });
}
