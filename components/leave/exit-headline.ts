import { isOver } from '../operations/operation-words.ts';
import type { ExitView } from './leave-data.ts';

/** Which sentence heads the page (keys under leave.headline): it never says more than is known. */
export function headline({ kind, params, state, cost, stoppedAt, back, mayResume, stage, clock, undone, proofStands }: Pick<ExitView, 'kind' | 'params' | 'state' | 'cost' | 'stoppedAt' | 'back' | 'mayResume' | 'stage' | 'clock' | 'undone' | 'proofStands'>): string {
  const part = params.scope === 'host' ? 'host' : 'nodes';
  if (isOver(state)) {
    if (state === 'cancelled') return undone?.code === 'exit_undone' ? 'cancelled' : 'ended';
    if (state !== 'succeeded') return 'failed';
    return kind === 'maintenance' ? (back ? 'back' : 'resumed') : part === 'host' ? 'leftHost' : 'leftNodes';
  }
  if (mayResume) return 'paused';
  if (['start', 'healthy', 'enable', 'back'].includes(stage)) return 'returning';
  // A proof is of its moment: while it is looked for anew, what is seen now is all that can be said.
  if (stoppedAt !== undefined || ((stage === 'remove' || stage === 'down') && proofStands)) return 'stopping';
  // Nodes of a host that stays in the set can't be told by the set.
  if (part === 'nodes') return 'leavingNodes';
  if (!clock || !cost?.known) return 'leaving';
  return cost.inSet ? (kind === 'maintenance' ? 'pausingAfter' : 'leavingAfter') : 'out';
}
