import type { ConfigPlan } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { previewConfig } from '#lib/operations/config-preview.ts';
import { answer } from '../../operations/answer.ts';
import { managedDeployment } from '../managed-deployment.ts';
import { configQuestion } from '../question.ts';

/** `{file, change}` → what saving and applying would do, by compose's dry run with the new values. Nothing is written. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ConfigPlan> => {
    const { file, change } = configQuestion.parse(await request.json());
    return previewConfig(await managedDeployment(), file, change);
  });
}
