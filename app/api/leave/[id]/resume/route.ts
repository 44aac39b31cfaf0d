import { requireSession } from '#lib/access/session.ts';
import { resumeMaintenance } from '#lib/operations/exit/control.ts';
import { exitResume } from '#lib/operations/exit/schema.ts';
import { answer } from '../../../operations/answer.ts';
import { requestJson } from '../../../request-json.ts';
import { exitId } from '../exit-id.ts';

type Context = { params: Promise<{ id: string }> };

/** Ends the pause of a maintenance: start, wait until healthy, enable, watch it come back. `{reason?, shown?}` where something speaks against the start. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => resumeMaintenance(await exitId(params), { user: user.username, ip }, exitResume.parse(await requestJson(request))));
}
