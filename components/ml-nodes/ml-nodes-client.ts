'use client';
import type { CheckInput, SaveInput } from '#lib/operations/ml-nodes/schema.ts';
import { neverSent } from '../config/never-sent.ts';
import { typedSecrets, MARK } from '../node-config/typed-secrets.ts';
import type { Answer } from '../operations/operation-client.ts';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import type { MlNodesCheck } from './ml-nodes-data.ts';
import { withoutTypedText } from './typed-text.ts';

/** What a person put in, without `base`: a fingerprint looks like a private key. */
const typedIn = ({ base: _base, ...typed }: (CheckInput | SaveInput) & { base?: string }) => typed;

async function ask<T>(url: string, body: unknown): Promise<Answer<T>> {
  try {
    return { value: await sendPanel<T>(url, body) };
  } catch (error) {
    return { error: error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' } };
  }
}

/** What would be sent, and what speaks against it. Secrets that were typed stay in the browser; the nodes of the answer have them again. */
export async function checkNodes(question: CheckInput): Promise<Answer<MlNodesCheck>> {
  const refused = neverSent(typedIn(question));
  if (refused) return { error: refused };
  if ('text' in question) {
    const { text, restored } = withoutTypedText(question.text);
    const answer = await ask<MlNodesCheck>('/api/ml-nodes/check', { text });
    return 'value' in answer ? { value: restored(answer.value) } : answer;
  }
  const { hide, put } = typedSecrets();
  const answer = await ask<MlNodesCheck>('/api/ml-nodes/check', JSON.parse(hide(JSON.stringify(question))));
  if ('error' in answer) return answer;
  const { nodes, ...rest } = answer.value;
  return { value: { ...(JSON.parse(put(JSON.stringify(rest), () => MARK)) as Omit<MlNodesCheck, 'nodes'>), nodes: JSON.parse(put(JSON.stringify(nodes))) as MlNodesCheck['nodes'] } };
}

export async function saveNodes(save: SaveInput): Promise<Answer<{ id: string }>> {
  const refused = neverSent(typedIn(save));
  return refused ? { error: refused } : ask('/api/ml-nodes', save);
}

export const setReapply = (reapply: boolean) => ask<unknown>('/api/ml-nodes/reapply', { reapply });

/** Nothing is wanted any more of nodes that the list doesn't have. */
export const forgetMissing = (nodes: string[]) => ask<unknown>('/api/ml-nodes/forget', { nodes });
