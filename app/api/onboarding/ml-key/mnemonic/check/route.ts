import { audit } from '#lib/access/audit.ts';
import { requireSession } from '#lib/access/session.ts';
import { confirmPhrase } from '#lib/operations/ml-key/phrase.ts';
import { markPhrase } from '#lib/operations/ml-key/record.ts';
import { operationId } from '#lib/operations/schema.ts';
import { z } from 'zod';
import { answer } from '../../../../operations/answer.ts';
import { requestJson } from '../../../../request-json.ts';

const body = z.strictObject({ operation: operationId, words: z.array(z.string().max(20)).max(3) });

/** `{operation, words}`: the three words that are asked back. Right ones wipe the recovery phrase from memory. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip, sessionId } = await requireSession();
  return answer(async () => {
    const { operation, words } = body.parse(await requestJson(request));
    confirmPhrase(operation, sessionId, words);
    await markPhrase(operation, 'written');
    await audit({ user: user.username, ip, action: 'ml-key.written-down', target: operation, result: 'ok' });
  });
}
