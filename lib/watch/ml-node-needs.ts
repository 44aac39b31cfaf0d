import type { HostPicture } from './host-picture.ts';
import { need, type Need } from './need.ts';
import { containerOf, isMl, isUp, serviceHealth } from './service-health.ts';

const PAGE = '/ml-nodes';

/** ML nodes that aren't as the operator wants them, and an admin side that only a restart of the api brings back. */
export function mlNodeNeeds(picture: HostPicture): Need[] {
  const { mlNodes, services } = picture;
  if (!mlNodes) return [];
  const left = startedAgain(picture) ? mlNodes.wishes.filter((one) => one.state === 'kept' && one.partOf && !one.exitRuns).map(({ nodeId }) => nodeId).join(', ') : '';
  const api = services.find(({ role }) => role === 'api')?.name ?? 'api';
  const names = (state: string): string => mlNodes.wishes.filter((one) => one.state === state && !one.exitRuns).map(({ nodeId }) => nodeId).join(', ');
  const [byHand, forgotten] = [names('by_hand'), names('forgotten')];
  return [
    ...(mlNodes.wedged ? [need('broken', 'ml_admin_wedged', { service: api }, `/services/${encodeURIComponent(api)}`)] : []),
    ...(byHand ? [need('attention', 'ml_node_by_hand', { nodes: byHand }, PAGE)] : []),
    ...(forgotten ? [need('attention', 'ml_node_forgotten', { nodes: forgotten, reapply: mlNodes.reapply ? 'yes' : 'no' }, PAGE)] : []),
    ...(left ? [need('attention', 'ml_node_left_disabled', { nodes: left }, PAGE)] : []),
  ];
}

/** What an exit has stopped runs again; of ML nodes that are all on other machines nobody here can say. */
function startedAgain({ services, containers, now }: HostPicture): boolean {
  const ml = services.filter(isMl);
  return ml.length === 0 || ml.some(({ name }) => isUp(serviceHealth(containerOf(containers, name), now)));
}
