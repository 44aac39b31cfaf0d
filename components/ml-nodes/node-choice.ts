import type { MlNodesNow, MlNodeView } from './ml-nodes-data.ts';

export type NodeKind = 'ml-enable' | 'ml-disable' | 'ml-delete';

/** Whether the api's admin side takes anything at all now. */
export const canSend = ({ admin }: Pick<MlNodesNow, 'admin'>): boolean => admin.state !== 'down' && admin.state !== 'wedged';

/** What can be done with one node, the likeliest first. What its release doesn't say can be sent either way. */
export function actionsOf({ enabled, wanted }: Pick<MlNodeView, 'enabled' | 'wanted'>): NodeKind[] {
  const enable: NodeKind[] = wanted?.exitRuns ? [] : ['ml-enable'];
  if (enabled === undefined) return ['ml-disable', ...enable, 'ml-delete'];
  // Enabled though it is to stay disabled: both are answers.
  if (enabled && wanted) return ['ml-disable', ...enable, 'ml-delete'];
  return enabled ? ['ml-disable', 'ml-delete'] : [...enable, 'ml-delete'];
}

/** Of the chosen ids those that this can be done to, in the list's order. */
export const affected = (nodes: readonly MlNodeView[], chosen: ReadonlySet<string>, kind: NodeKind): string[] =>
  nodes.filter((node) => chosen.has(node.id) && actionsOf(node).includes(kind)).map(({ id }) => id);
