import type { DeploymentsNow } from '#components/deployment/deployment-data.ts';
import { panelEnv } from '#lib/core/env.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { discoverDeployments } from '#lib/deployment/discovery.ts';

type Part<T> = { value?: T; error?: { code: string; params: Record<string, string | number> } };

async function part<T>(work: Promise<T>): Promise<Part<T>> {
  try {
    return { value: await work };
  } catch (error) {
    if (isPanelError(error)) return { error: { code: error.code, params: error.params } };
    log.error({ err: error }, 'deployments not read');
    return { error: { code: 'unexpected', params: { event: '–' } } };
  }
}

/** The directory in use and what else was found on this machine. */
export async function deploymentsNow(): Promise<DeploymentsNow> {
  const [current, found] = await Promise.all([part(currentDeployment()), part(discoverDeployments())]);
  const chosen = current.value;
  return {
    current: chosen && { dir: chosen.dir, release: chosen.release, project: chosen.project.name, services: chosen.services.map((s) => s.name), problems: chosen.problems },
    currentError: current.error,
    fixed: panelEnv().deployDir,
    candidates: found.value ?? [],
    candidatesError: found.error,
  };
}
