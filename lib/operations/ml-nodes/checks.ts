import { nodeConfigProblems, parseNodeConfig } from '#lib/deployment/node-config.ts';
import type { NodeConfigEntry, NodeConfigProblem } from '#lib/deployment/node-config-schema.ts';
import type { RawNode } from '#lib/mlnodes/node-configs.ts';
import { knownArguments } from '#lib/models/known-arguments.ts';

export type CheckAgainst = {
  release?: string;
  /** Approved models with governance's arguments; absent: unknown, then models aren't held against it. */
  approved?: readonly { id: string; args: readonly string[] }[];
  /** The api's list as it is now. */
  listed: readonly RawNode[];
  /** Id of the node that is replaced. Absent: all are new. */
  replaces?: string;
};

/** A model that isn't approved is refused by some releases and left out by others; here neither is what was asked for. */
const STRICTER: Record<string, string> = { node_model_dropped: 'node_model_unapproved' };
/** What an api takes and can't work with (measured 29), so that the panel refuses it in every release. */
const ALWAYS_BROKEN: readonly string[] = ['node_address_twice', 'node_model_unapproved'];

/**
 * Everything that is wrong with nodes that are to be sent to the admin API: the rules of the file (facts 3.1), and no id or
 * host:port twice, among them or in the list. v0.2.4 checks nothing of it (measured 29). `node` counts in `nodes`.
 */
export function mlNodeProblems(nodes: readonly NodeConfigEntry[], { release, approved, listed, replaces }: CheckAgainst): NodeConfigProblem[] {
  const others = parseNodeConfig(JSON.stringify(listed.filter(({ id }) => id !== replaces))).nodes;
  // The list comes first, so that a node that is sent is the one that comes second.
  const all = [...others, ...nodes];
  const rules = nodeConfigProblems(all, { ...(release ? { release } : {}), ...(approved ? { approved: approved.map(({ id }) => id) } : {}), reference: knownArguments(approved) });
  const found = rules.flatMap((one): NodeConfigProblem[] => {
    if (one.node === undefined || one.node < others.length) return [];
    const code = STRICTER[one.code] ?? one.code;
    const node = one.node - others.length;
    // The file's words count positions; here the other one is a node of the list, or of the same batch.
    if (code === 'node_id_twice') return [twiceOf(nodes, node, others)];
    return [{ ...one, code, node, ...(ALWAYS_BROKEN.includes(code) ? { level: 'broken' as const } : {}) }];
  });
  if (replaces !== undefined) for (const [node, { id }] of nodes.entries()) if (id !== replaces) found.push({ level: 'broken', code: 'node_id_changed', params: { node: id, before: replaces }, node, field: 'id' });
  return found;
}

function twiceOf(nodes: readonly NodeConfigEntry[], node: number, others: readonly NodeConfigEntry[]): NodeConfigProblem {
  const id = nodes[node]?.id.trim() ?? '';
  const inList = others.some((other) => other.id.trim() === id);
  return { level: 'broken', code: inList ? 'node_id_listed' : 'node_id_in_batch', params: { node: id }, node, field: 'id' };
}

export const isBroken = (problems: readonly NodeConfigProblem[]): boolean => problems.some(({ level }) => level === 'broken');
