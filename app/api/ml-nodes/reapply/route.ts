import { requestJson } from '../../request-json.ts';
import { requireSession } from '#lib/access/session.ts';
import { setReapplies } from '#lib/operations/ml-nodes/wish.ts';
import { reapplyInput } from '#lib/operations/ml-nodes/schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { answer } from '../../operations/answer.ts';

/** Switches whether the panel disables again what a restart enabled: `{reapply}`. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => {
    const { reapply } = reapplyInput.parse(await requestJson(request));
    await setReapplies(reapply);
    await surroundings().audit({ user: user.username, ip, action: 'ml-nodes.reapply', target: reapply ? 'on' : 'off', result: 'ok' });
  });
}
