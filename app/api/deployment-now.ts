import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import type { Deployment } from '#lib/deployment/schema.ts';

/** The current deployment, or why it can't be read: a route shows the rest all the same. */
export async function deploymentNow(): Promise<{ deployment?: Deployment; error?: { code: string; params: Record<string, string | number> } }> {
  try {
    return { deployment: await currentDeployment() };
  } catch (error) {
    if (isPanelError(error)) return { error: { code: error.code, params: error.params } };
    log.error({ err: error }, 'deployment not read');
    return { error: { code: 'unexpected', params: { event: '–' } } };
  }
}
