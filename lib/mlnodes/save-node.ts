import { adminRequest, inOneLine } from './admin-request.ts';
import type { RawNode } from './node-configs.ts';
import type { MlNodesError } from './schema.ts';

/**
 * Adds an ML node, or replaces the one of the same id whole (facts 4.3: an upsert by the id in the body; PUT is the same and
 * ignores the id in its path). That it was taken proves nothing: v0.2.4 takes anything (measured 29). Never throws.
 */
export async function saveNode(baseUrl: string, node: RawNode): Promise<{ error?: MlNodesError }> {
  const answer = await adminRequest(baseUrl, 'POST', '/admin/v1/nodes', node);
  return answer.error ? { error: answer.error } : {};
}

/**
 * Adds many at once. `refused`: what the api says of those that it left out (206; v0.2.4 leaves them out without a word).
 * Success is what a list fetched afterwards shows. Never throws.
 */
export async function saveNodes(baseUrl: string, nodes: readonly RawNode[]): Promise<{ refused: string; error?: MlNodesError }> {
  const answer = await adminRequest(baseUrl, 'POST', '/admin/v1/nodes/batch', nodes);
  if (answer.error) return { refused: '', error: answer.error };
  const { errors } = Object(answer.json) as { errors?: unknown };
  return { refused: Array.isArray(errors) ? inOneLine(errors) : '' };
}
