import { requireSession } from '#lib/access/session.ts';
import { PanelError } from '#lib/core/errors.ts';
import { forgetMissing } from '#lib/operations/ml-nodes/forget-missing.ts';
import { mlNodeIds } from '#lib/operations/ml-nodes/schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';
import { requestJson } from '../../request-json.ts';

/** Nothing is wanted any more of ML nodes that the api's list doesn't have: `{nodes}`. Nothing is sent to the api. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip } = await requireSession();
  return answer(async () => {
    const { nodes } = mlNodeIds.parse(await requestJson(request));
    const { deployment: of } = await deploymentNow();
    if (!of) throw new PanelError('operation_no_deployment', {}, { status: 409 });
    const forgotten = await forgetMissing(of, nodes);
    await surroundings().audit({ user: user.username, ip, action: 'ml-nodes.forget', target: forgotten.join(', ') || '-', result: 'ok' });
  });
}
