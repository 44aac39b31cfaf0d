import { z } from 'zod';
import { requireSession } from '#lib/access/session.ts';
import { answerExit } from '#lib/operations/exit/control.ts';
import { exitAnswer } from '#lib/operations/exit/schema.ts';
import { answer } from '../../../operations/answer.ts';
import { requestJson } from '../../../request-json.ts';
import { exitId } from '../exit-id.ts';

type Context = { params: Promise<{ id: string }> };
const body = z.object({ answer: exitAnswer });

/** Answers what an exit asks: `{answer: 'go-on'}`. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => answerExit(await exitId(params), body.parse(await requestJson(request)).answer, { user: user.username, ip }));
}
