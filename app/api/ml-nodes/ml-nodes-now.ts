import type { Deployment } from '#lib/deployment/schema.ts';
import { reapplies } from '#lib/operations/ml-node-wish.ts';
import { wishesNow } from '#lib/operations/ml-node-wishes-now.ts';
import { adminSideState } from '#lib/watch/admin-wedge.ts';
import type { HostPicture } from '#lib/watch/host-picture.ts';

/** What the overview has to know of the ML nodes. */
export async function mlNodesNow(of: Deployment): Promise<NonNullable<HostPicture['mlNodes']>> {
  const [admin, wishes, reapply] = await Promise.all([adminSideState(of), wishesNow(of), reapplies()]);
  return { wishes: wishes.map(({ nodeId, state, exitRuns }) => ({ nodeId, state, exitRuns })), reapply, wedged: admin.state === 'wedged' };
}
