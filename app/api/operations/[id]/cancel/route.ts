import { requireSession } from '#lib/access/session.ts';
import { cancelOperation } from '#lib/operations/journal.ts';
import { operationId } from '#lib/operations/schema.ts';
import { answer } from '../../answer.ts';

/** Stops an operation that is under way. */
export async function POST(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => cancelOperation(operationId.parse((await params).id), { user: user.username, ip }));
}
