import type { MlNodeView, NodeCondition } from './ml-nodes-data.ts';

/** What a node's condition comes down to. `working`: it serves or takes part in a PoC; `waiting`: nothing is wrong, it isn't at work yet. */
export type NodeGroup = 'working' | 'waiting' | 'off' | 'broken' | 'unknown';
export const GROUPS: readonly NodeGroup[] = ['broken', 'unknown', 'waiting', 'off', 'working'];

const BY_CODE: Record<NodeCondition['code'], NodeGroup> = {
  serving: 'working', in_poc: 'working', training: 'working', disabled_still_in: 'working',
  waits_for_poc: 'waiting', no_epoch_model: 'waiting', just_registered: 'waiting', changing: 'waiting', not_there_yet: 'waiting',
  stopped_as_intended: 'off', disabled: 'off',
  stuck: 'broken', silent: 'broken', failed: 'broken',
  unseen: 'unknown',
};

/** The level outweighs the code: what costs money is never counted as anything else. */
export function groupOf({ level, code }: NodeCondition): NodeGroup {
  return level === 'broken' ? 'broken' : level === 'unknown' ? 'unknown' : (BY_CODE[code] ?? 'unknown');
}

export function countGroups(nodes: readonly Pick<MlNodeView, 'condition'>[]): Record<NodeGroup, number> {
  const counts = { working: 0, waiting: 0, off: 0, broken: 0, unknown: 0 };
  for (const { condition } of nodes) counts[groupOf(condition)] += 1;
  return counts;
}
