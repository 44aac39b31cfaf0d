import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { isGroup } from '#lib/operations/schema.ts';

/** The services that a target names: one service, or a group (`@network`, `@ml`, `@all`). Those without profile first asked for; empty when there is none of that name. */
export function servicesOf(target: string | undefined, of: Deployment): DeploymentService[] {
  if (!target || !isGroup(target)) return of.services.filter((one) => one.name === target);
  return target === '@all' ? of.services : of.services.filter((one) => `@${one.group}` === target);
}
