import { requireSession } from '#lib/access/session.ts';
import { exitSeen } from '#lib/operations/exit/control.ts';
import { answer } from '../../operations/answer.ts';
import { exitId } from './exit-id.ts';

type Context = { params: Promise<{ id: string }> };

/** One exit or maintenance, running or over. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  await requireSession();
  return answer(async () => exitSeen(await exitId(params)));
}
