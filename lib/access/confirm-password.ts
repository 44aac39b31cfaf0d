import { PanelError } from '#lib/core/errors.ts';
import { db } from '#lib/db/client.ts';
import { type AuditRow, audit } from './audit.ts';
import { auth } from './auth.ts';
import { inTurn } from './sign-in.ts';
import { recordSignIn, waitEverywhere } from './sign-in-limit.ts';

/** Longer ones are nobody's password (auth.ts) and would only be hashed for a while. */
const LONGEST = 256;

type Attempt = { user: { id: string; username: string }; ip: string; password: string } & Pick<AuditRow, 'action' | 'target'>;

/**
 * Asks who is signed in for the password once more: a session that somebody found open isn't the person. Wrong ones count
 * as at sign-in, and from any address. Refusals are audited under `action`. Throws reveal_password (403), sign_in_wait (429).
 */
export async function confirmPassword({ user, ip, password, action, target }: Attempt): Promise<void> {
  const name = user.username.toLowerCase();
  await inTurn(name, async () => {
    const wait = await waitEverywhere(name);
    if (wait > 0) {
      await audit({ user: user.username, ip, action, target, result: 'refused', detail: { wait } });
      throw new PanelError('sign_in_wait', { seconds: Math.ceil(wait / 1000) }, { status: 429 });
    }
    const account = await db().account.findFirst({ where: { userId: user.id, providerId: 'credential' } });
    const context = await auth().$context;
    const right = Boolean(account?.password) && password.length <= LONGEST && (await context.password.verify({ hash: account?.password ?? '', password }));
    await recordSignIn(name, right);
    if (right) return;
    await audit({ user: user.username, ip, action, target, result: 'refused', detail: { code: 'reveal_password' } });
    throw new PanelError('reveal_password', {}, { status: 403 });
  });
}
