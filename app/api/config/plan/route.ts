import type { ConfigPlan } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import { previewConfig } from '#lib/operations/config/preview.ts';
import { replaceSecrets } from '../../../../guard/secret-arguments.ts';
import { approvedNow } from '../../models/catalogue-now.ts';
import { answer } from '../../operations/answer.ts';
import { managedDeployment } from '../managed-deployment.ts';
import { judged } from '../ml-nodes/node-rules.ts';
import { configQuestion } from '../question.ts';

/** `{file, change}` → what saving and applying would do, by compose's dry run with the new values. Nothing is written. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ConfigPlan> => {
    const { file, change } = configQuestion.parse(await request.json());
    const deployment = await managedDeployment();
    const plan = await previewConfig(deployment, file, change);
    if (file !== 'node-config' || change.by !== 'text') return plan;
    // By the same rules as while it was edited: what governance and upstream give isn't flagged.
    return { ...plan, check: { ...plan.check, problems: judged(replaceSecrets(change.text, () => SECRET_MARK), deployment, (await approvedNow()).value).problems } };
  });
}
