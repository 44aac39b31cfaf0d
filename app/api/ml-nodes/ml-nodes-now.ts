import { setTimeout as after } from 'node:timers/promises';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { reapplies } from '#lib/operations/ml-nodes/wish.ts';
import { wishesNow } from '#lib/operations/ml-nodes/wishes-now.ts';
import { adminSideState } from '#lib/watch/admin-wedge.ts';
import type { HostPicture } from '#lib/watch/host-picture.ts';

type MlNodes = NonNullable<HostPicture['mlNodes']>;
/** A hanging admin side takes its five seconds; the overview isn't kept waiting by it and shows what was found last. */
const WAIT_MS = 1_500;

/** What the overview has to know of the ML nodes. */
export async function mlNodesNow(of: Deployment): Promise<MlNodes | undefined> {
  const held = singleton('ml-nodes-now', (): { dir: string; last?: MlNodes } => ({ dir: '' }));
  const read = mlNodes(of).then((last) => {
    Object.assign(held, { dir: of.dir, last });
    return last;
  });
  // Whoever waited no longer isn't there to hear of a failure.
  read.catch(() => {});
  return Promise.race([read, after(WAIT_MS, undefined, { ref: false }).then(() => (held.dir === of.dir ? held.last : undefined))]);
}

async function mlNodes(of: Deployment): Promise<MlNodes> {
  const [admin, wishes, reapply] = await Promise.all([adminSideState(of), wishesNow(of), reapplies()]);
  return { wishes: wishes.map(({ nodeId, state, exitRuns, partOf }) => ({ nodeId, state, exitRuns, ...(partOf ? { partOf } : {}) })), reapply, wedged: admin.state === 'wedged' };
}
