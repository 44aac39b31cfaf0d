import type { PhraseAnswer } from '#components/onboarding/ml-key-data.ts';
import { audit } from '#lib/access/audit.ts';
import { confirmPassword } from '#lib/access/confirm-password.ts';
import { requireSession } from '#lib/access/session.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { mayTakePhrase, takePhrase } from '#lib/operations/ml-key/phrase.ts';
import { markPhrase } from '#lib/operations/ml-key/record.ts';
import { operationId } from '#lib/operations/schema.ts';
import { z } from 'zod';
import { answer } from '../../../operations/answer.ts';
import { requestJson } from '../../../request-json.ts';

const body = z.strictObject({ operation: operationId, alone: z.literal(true), password: z.string().min(1).max(1024) });
const ACTION = 'ml-key.reveal';

/**
 * `{operation, alone: true, password}` → the recovery phrase, once, to the sign-in that started the operation and gives its
 * password again. It is in this one answer and in memory, nowhere else.
 */
export async function POST(request: Request): Promise<Response> {
  const { user, ip, sessionId } = await requireSession();
  const response = await answer(async (): Promise<PhraseAnswer> => {
    const { operation, password } = body.parse(await requestJson(request));
    const by = { user: user.username, ip, action: ACTION, target: operation };
    try {
      mayTakePhrase(operation, sessionId);
      await confirmPassword({ user, ip, password, action: ACTION, target: operation });
      // What could fail comes first: once taken, the phrase is given to nobody again.
      await markPhrase(operation, 'shown');
      await audit({ ...by, result: 'ok' });
      return takePhrase(operation, sessionId);
    } catch (error) {
      // A wrong password has its row already.
      if (isPanelError(error) && error.code.startsWith('ml_key_')) await audit({ ...by, result: 'refused', detail: { code: error.code } });
      throw error;
    }
  });
  response.headers.set('cache-control', 'no-store');
  return response;
}
