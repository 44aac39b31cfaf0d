import { adminRequest } from './admin-request.ts';
import { nodePath } from './node-path.ts';
import type { MlNodesError } from './schema.ts';

/**
 * Takes an ML node out of the api's list. `there` false: it had none of that id (200 with `false`, facts 4.3). Success is a
 * list fetched afterwards without it. Never throws.
 */
export async function deleteNode(baseUrl: string, id: string): Promise<{ there?: boolean; error?: MlNodesError }> {
  const answer = await adminRequest(baseUrl, 'DELETE', nodePath(id));
  if (answer.error) return { error: answer.error };
  return typeof answer.json === 'boolean' ? { there: answer.json } : {};
}
