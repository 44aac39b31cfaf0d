import { requireSession } from '#lib/access/session.ts';
import { checkInput } from '#lib/operations/ml-nodes/schema.ts';
import { checkMlNodes } from '#lib/operations/ml-nodes/start.ts';
import { answer } from '../../operations/answer.ts';
import { refuseKeyMaterial } from '../../request-json.ts';

/** What nodes would be as they'd be sent, and what is wrong with them (MlNodesCheck). Sends nothing on. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async () => {
    const input = checkInput.parse(await request.json());
    refuseKeyMaterial({ ...input, base: undefined });
    return checkMlNodes(input);
  });
}
