import { requireSession } from '#lib/access/session.ts';
import { answerExit } from '#lib/operations/exit/control.ts';
import { exitAnswer } from '#lib/operations/exit/schema.ts';
import { answer } from '../../../operations/answer.ts';
import { requestJson } from '../../../request-json.ts';
import { exitId } from '../exit-id.ts';

type Context = { params: Promise<{ id: string }> };

/** Answers what an exit asks: `{answer: 'go-on', nodes: ['node1']}`, the nodes that were on the screen. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => answerExit(await exitId(params), exitAnswer.parse(await requestJson(request)), { user: user.username, ip }));
}
