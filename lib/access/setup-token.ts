import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { PanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { audit } from './audit.ts';
import { createAdmin, hasAdmin } from './admin.ts';

type State = { hash?: Buffer; busy: boolean };
const state = singleton<State>('setup-token', () => ({ busy: false }));
const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** A new one-time token for the first admin: kept as a hash in memory only, so a restart makes the old link void. */
export function newSetupToken(): string {
  const token = randomBytes(24).toString('base64url');
  state.hash = sha256(token);
  return token;
}

/**
 * Creates the first admin with the token that the start printed. Of two at once one wins.
 * Throws PanelError `setup_closed` (409), `setup_token_wrong` (403) and those of createAdmin; a bad password keeps the token.
 */
export async function setUp(input: { token: string; username: string; password: string; ip: string }): Promise<void> {
  if (state.busy || (await hasAdmin())) throw new PanelError('setup_closed', {}, { status: 409 });
  if (!state.hash || !timingSafeEqual(state.hash, sha256(input.token))) {
    await audit({ ip: input.ip, action: 'setup', result: 'refused' });
    throw new PanelError('setup_token_wrong', {}, { status: 403 });
  }
  if (state.busy) throw new PanelError('setup_closed', {}, { status: 409 });
  state.busy = true;
  try {
    await createAdmin(input.username, input.password);
    state.hash = undefined;
    await audit({ user: input.username.toLowerCase(), ip: input.ip, action: 'setup', result: 'ok' });
  } finally {
    state.busy = false;
  }
}
