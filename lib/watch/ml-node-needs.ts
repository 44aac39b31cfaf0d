import type { HostPicture } from './host-picture.ts';
import { need, type Need } from './need.ts';

const PAGE = '/ml-nodes';

/** ML nodes that aren't as the operator wants them, and an admin side that only a restart of the api brings back. */
export function mlNodeNeeds({ mlNodes, services }: HostPicture): Need[] {
  if (!mlNodes) return [];
  const api = services.find(({ role }) => role === 'api')?.name ?? 'api';
  const names = (state: string): string => mlNodes.wishes.filter((one) => one.state === state && !one.exitRuns).map(({ nodeId }) => nodeId).join(', ');
  const [byHand, forgotten] = [names('by_hand'), names('forgotten')];
  return [
    ...(mlNodes.wedged ? [need('broken', 'ml_admin_wedged', { service: api }, `/services/${encodeURIComponent(api)}`)] : []),
    ...(byHand ? [need('attention', 'ml_node_by_hand', { nodes: byHand }, PAGE)] : []),
    ...(forgotten ? [need('attention', 'ml_node_forgotten', { nodes: forgotten, reapply: mlNodes.reapply ? 'yes' : 'no' }, PAGE)] : []),
  ];
}
