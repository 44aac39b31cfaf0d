import { z } from 'zod';
import { requireSession } from '#lib/access/session.ts';
import { retryOperation } from '#lib/operations/journal.ts';
import { noteStarter } from '#lib/operations/ml-key/phrase.ts';
import { operationId, reasonSchema, shownSchema, whenSchema } from '#lib/operations/schema.ts';
import { answer } from '../../answer.ts';
import { requestJson } from '../../../request-json.ts';

/** Does an operation that did not succeed once more: `{reason?, shown?, when?}` → `{id}` of the new one. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { user, ip, sessionId } = await requireSession();
  return answer(async () => {
    const { reason, shown, when } = z.object({ reason: reasonSchema, shown: shownSchema, when: whenSchema }).parse(await requestJson(request));
    const started = await retryOperation(operationId.parse((await params).id), { user: user.username, ip, reason, shown, when });
    noteStarter(started.id, sessionId);
    return started;
  });
}
