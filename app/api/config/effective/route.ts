import type { EffectiveNow } from '#components/config/config-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { effectiveServices } from '#lib/deployment/effective.ts';
import { listContainers } from '#lib/docker/client.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';

/** What the containers have, what config.env says and what compose would give them, a service each. No secret is in it. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<EffectiveNow> => {
    const { deployment, error } = await deploymentNow();
    if (!deployment) return { at: clock.now(), services: [], error: error ?? { code: 'operation_no_deployment', params: {} } };
    const broken = deployment.problems.find((one) => one.code === 'compose_invalid' || one.code === 'compose_absent');
    const found = await part(listContainers({ project: deployment.project.name }));
    if (!found.value) return { at: clock.now(), services: [], error: found.error };
    const compared = await part(effectiveServices(deployment, found.value));
    if (!compared.value) return { at: clock.now(), services: [], error: compared.error };
    return { at: clock.now(), services: compared.value, ...(broken ? { error: { code: 'effective_no_compose', params: broken.params } } : {}) };
  });
}

async function part<T>(work: Promise<T>): Promise<{ value?: T; error?: NonNullable<EffectiveNow['error']> }> {
  try {
    return { value: await work };
  } catch (error) {
    if (isPanelError(error)) return { error: { code: error.code, params: error.params } };
    throw error;
  }
}
