import { adminRequest } from './admin-request.ts';
import type { MlNodesError } from './schema.ts';

/** A recovery validates what was missed before it claims: that takes its time (facts 4.5). */
const TIMEOUT_MS = 120_000;

/**
 * Asks the api to claim an epoch's reward again (facts 4.5). v0.2.4 knows no `epoch_index` and always takes the previous
 * epoch, the only one that can be claimed anyway. That it was asked proves nothing: the chain does. Never throws.
 */
export async function recoverClaim(baseUrl: string, epoch: number): Promise<{ error?: MlNodesError }> {
  const { error } = await adminRequest(baseUrl, 'POST', '/admin/v1/claim-reward/recover', { force_claim: true, epoch_index: epoch }, TIMEOUT_MS);
  return error ? { error } : {};
}
