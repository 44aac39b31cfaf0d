import type { ConfigCheck } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { configCheck } from '#lib/deployment/config-check.ts';
import { answer } from '../../operations/answer.ts';
import { managedDeployment } from '../managed-deployment.ts';
import { configQuestion } from '../question.ts';

/** `{file, change}` → problems, changed names and the difference of the lines. Nothing is written. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ConfigCheck> => {
    const { file, change } = configQuestion.parse(await request.json());
    return configCheck(await managedDeployment(), file, change);
  });
}
