import type { ConfigNow } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { configNow } from '#lib/deployment/config-now.ts';
import { deploymentNow } from '../deployment-now.ts';
import { answer } from '../operations/answer.ts';

/** config.env for form and raw view: secrets as set or not set, and as tokens. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ConfigNow> => {
    const { deployment, error } = await deploymentNow();
    if (deployment) return configNow(deployment);
    return { path: '', version: 'absent', rows: [], tokens: [], problems: [], ...(error ? { error } : { noDeployment: true }) };
  });
}
