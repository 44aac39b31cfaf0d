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
