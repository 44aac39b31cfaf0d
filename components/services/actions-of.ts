import type { ServiceKind } from '#lib/operations/schema.ts';
import type { ServiceContainer } from './services-data.ts';

/** What can sensibly be done with a service now, the likeliest first. */
export function actionsOf(container: ServiceContainer | undefined): ServiceKind[] {
  if (!container) return ['start'];
  switch (container.state) {
    case 'running':
    case 'paused':
      return ['restart', 'stop', 'recreate'];
    case 'restarting':
      return ['recreate', 'stop', 'restart'];
    case 'removing':
      return [];
    default:
      return ['start', 'recreate'];
  }
}

/** What compose can do besides, behind a menu. */
export const rarelyDone = (container: ServiceContainer | undefined): ServiceKind[] => ['up', 'pull', ...(container ? (['down'] as const) : [])];

/** What can be done to a group: without containers only what makes some. */
export function groupActionsOf(containers: readonly (ServiceContainer | undefined)[]): ServiceKind[] {
  const present = containers.filter((one) => one !== undefined);
  if (present.length === 0) return ['up', 'pull'];
  const allUp = present.length === containers.length && present.every((one) => ['running', 'restarting', 'paused'].includes(one.state));
  const someUp = present.some((one) => ['running', 'restarting', 'paused'].includes(one.state));
  return [...(allUp ? [] : (['start'] as const)), ...(someUp ? (['restart', 'stop'] as const) : []), 'recreate', 'up', 'pull', 'down'];
}
