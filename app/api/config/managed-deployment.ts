import { PanelError } from '#lib/core/errors.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import type { Deployment } from '#lib/deployment/schema.ts';

/** The deployment whose files are edited. Throws operation_no_deployment before one is chosen. */
export async function managedDeployment(): Promise<Deployment> {
  const found = await currentDeployment();
  if (!found) throw new PanelError('operation_no_deployment', {}, { status: 409 });
  return found;
}
