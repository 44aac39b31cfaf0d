import { adminRequest } from './admin-request.ts';
import { nodePath } from './node-path.ts';
import type { MlNodesError } from './schema.ts';

/**
 * Enables or disables one ML node (facts 4.3). `id` must stand in a list that was fetched a moment ago: v0.2.4 wedges on one
 * that it doesn't know (measured 28). Success is what a list fetched afterwards says. Never throws.
 */
export async function switchNode(baseUrl: string, id: string, enabled: boolean): Promise<{ error?: MlNodesError }> {
  const { error } = await adminRequest(baseUrl, 'POST', nodePath(id, enabled ? 'enable' : 'disable'));
  return error ? { error } : {};
}
