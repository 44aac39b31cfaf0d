import { OWN_SOURCE } from '#lib/chain/reading.ts';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { adminNodes, type MlReading } from '#lib/mlnodes/client.ts';
import { nodeConfigs, type RawNode } from '#lib/mlnodes/node-configs.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { RunContext, StepResult } from '#lib/operations/step.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** Base URL of the api's admin side. Throws why there is none. */
export async function adminUrl(of: Deployment): Promise<string> {
  const { url, error } = await surroundings().adminSide(of);
  if (!url) throw new PanelError(error?.code ?? 'chain_own_not_running', error?.params ?? { service: 'api' }, { status: 503 });
  return url;
}

async function read<T>(ask: (url: string) => Promise<MlReading<T>>, of: Deployment): Promise<{ url: string; value: T }> {
  const url = await adminUrl(of);
  const answer = await ask(url);
  if (!answer.error) return { url, value: answer.value };
  const { code, params } = answer.error;
  const hangs = code === 'mlnodes_slow' && (await surroundings().leaving(false)).api.state === 'ok';
  throw new PanelError(hangs ? 'ml_admin_hangs' : code, params, { status: 503 });
}

/** The api's list as it is now, never an older one: ids that it doesn't have wedge v0.2.4 (measured 28). Throws mlnodes_*, ml_admin_hangs, engine_*. */
export async function listNow(of: Deployment): Promise<{ url: string; nodes: AdminNode[] }> {
  const { url, value } = await read(adminNodes, of);
  return { url, nodes: value };
}

/** The same as whole configurations, with what a save has to send back. */
export async function configsNow(of: Deployment): Promise<{ url: string; nodes: RawNode[] }> {
  const { url, value } = await read(nodeConfigs, of);
  return { url, nodes: value };
}

/** A release that doesn't say whether a node is enabled counts as enabled. */
export const isEnabled = ({ state }: AdminNode): boolean => state.admin?.enabled ?? true;

/** `node1: enabled, node2: -` of these ids, for the record. */
export const inStates = (nodes: readonly AdminNode[], ids: readonly string[]): string =>
  ids.map((id) => {
    const node = nodes.find((one) => one.id === id);
    return `${id}: ${node ? (isEnabled(node) ? 'enabled' : 'disabled') : '-'}`;
  }).join(', ');

/** The list as it was found. Throws ml_node_unknown for an id that it doesn't have. */
export async function foundAll(run: RunContext, ids: readonly string[]): Promise<{ result: StepResult; url: string; nodes: AdminNode[] }> {
  const { url, nodes } = await listNow(run.deployment);
  const missing = ids.filter((id) => !nodes.some((node) => node.id === id));
  if (missing.length > 0) throw new PanelError('ml_node_unknown', { nodes: missing.join(', ') }, { status: 404 });
  return { url, nodes, result: { evidence: { code: 'ml_nodes_found', params: { nodes: inStates(nodes, ids), source: OWN_SOURCE } } } };
}
