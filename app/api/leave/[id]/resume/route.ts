import { requireSession } from '#lib/access/session.ts';
import { resumeMaintenance } from '#lib/operations/exit/control.ts';
import { answer } from '../../../operations/answer.ts';
import { exitId } from '../exit-id.ts';

type Context = { params: Promise<{ id: string }> };

/** Ends the pause of a maintenance: start, wait until healthy, enable, watch it come back. */
export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => resumeMaintenance(await exitId(params), { user: user.username, ip }));
}
