import { PanelError } from '#lib/core/errors.ts';
import { db } from '#lib/db/client.ts';
import { auth, hashPassword } from './auth.ts';
import { forgetFailures } from './sign-in-limit.ts';

const COMMON = new Set(['password1234', '123456789012', 'qwertyuiop12', 'administrator', 'passwordpassword', 'gonka-panel-1', '111111111111', 'adminadminadmin']);

/** Throws PanelError `username_invalid`, `password_short`, `password_long`, `password_common` or `password_is_name`. */
export function checkCredentials(username: string, password: string): void {
  if (!/^[A-Za-z0-9_.]{2,40}$/.test(username)) throw new PanelError('username_invalid', {});
  if ([...password].length < 12) throw new PanelError('password_short', { least: 12 });
  if (password.length > 256) throw new PanelError('password_long', { most: 256 });
  const plain = password.toLowerCase();
  if (COMMON.has(plain) || new Set(plain).size < 4) throw new PanelError('password_common', {});
  if (plain.includes(username.toLowerCase()) && plain.length < username.length + 8) throw new PanelError('password_is_name', {});
}

export async function hasAdmin(): Promise<boolean> {
  return (await db().user.count()) > 0;
}

/** Creates an account that may sign in. Throws PanelError `username_taken` and those of checkCredentials. */
export async function createAdmin(username: string, password: string): Promise<void> {
  checkCredentials(username, password);
  const name = username.toLowerCase();
  const { internalAdapter } = await auth().$context;
  if (await db().user.findUnique({ where: { username: name } })) throw new PanelError('username_taken', { username }, { status: 409 });
  const user = await internalAdapter.createUser({ name: username, email: `${name}@panel.invalid`, emailVerified: true, username: name, displayUsername: username }, undefined as never);
  await internalAdapter.linkAccount({ userId: user.id, accountId: user.id, providerId: 'credential', password: await hashPassword(password) });
}

/** Sets a new password and ends every session of the account. Throws PanelError `user_unknown`. */
export async function resetPassword(username: string, password: string): Promise<void> {
  checkCredentials(username, password);
  const user = await db().user.findUnique({ where: { username: username.toLowerCase() } });
  if (!user) throw new PanelError('user_unknown', { username }, { status: 404 });
  await db().account.updateMany({ where: { userId: user.id, providerId: 'credential' }, data: { password: await hashPassword(password) } });
  await db().session.deleteMany({ where: { userId: user.id } });
  await forgetFailures(username.toLowerCase());
}
