import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { wantNothing } from './intent.ts';
import { listNow } from './list.ts';
import { wishesNow } from './wishes-now.ts';

/**
 * Forgets what was wanted of these ML nodes, where a list that is fetched now doesn't have them: who took one out elsewhere
 * was asked about it for ever. What a running exit wants stays its own. Returns the ids. Throws ml_node_listed, mlnodes_*.
 */
export async function forgetMissing(of: Deployment, ids: readonly string[]): Promise<string[]> {
  const { nodes } = await listNow(of);
  const back = ids.filter((id) => nodes.some((node) => node.id === id));
  if (back.length > 0) throw new PanelError('ml_node_listed', { nodes: back.join(', ') }, { status: 409 });
  const gone = (await wishesNow(of)).filter(({ nodeId, exitRuns }) => ids.includes(nodeId) && !exitRuns).map(({ nodeId }) => nodeId);
  await wantNothing(of.dir, gone);
  return gone;
}
