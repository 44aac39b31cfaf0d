import { audit } from '#lib/access/audit.ts';
import { confirmPassword } from '#lib/access/confirm-password.ts';
import { requireSession } from '#lib/access/session.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { variableName } from '#lib/deployment/config-schema.ts';
import { revealedValue } from '#lib/deployment/revealed.ts';
import { z } from 'zod';
import { answer } from '../../operations/answer.ts';
import { managedDeployment } from '../managed-deployment.ts';
import { requestJson } from '../../request-json.ts';

const body = z.object({ variable: variableName, password: z.string().min(1).max(1024) });
const ACTION = 'config.reveal';

/** `{variable, password}` → `{value}` of a secret, to who types the account's password once more. Never stored. */
export async function POST(request: Request): Promise<Response> {
  const { user, ip } = await requireSession();
  const response = await answer(async () => {
    const { variable, password } = body.parse(await requestJson(request));
    await confirmPassword({ user, ip, password, action: ACTION, target: variable });
    try {
      const value = await revealedValue((await managedDeployment()).dir, variable);
      await audit({ user: user.username, ip, action: ACTION, target: variable, result: 'ok' });
      return { value };
    } catch (error) {
      if (isPanelError(error)) await audit({ user: user.username, ip, action: ACTION, target: variable, result: 'failed', detail: { code: error.code } });
      throw error;
    }
  });
  response.headers.set('cache-control', 'no-store');
  return response;
}
