'use server';
import type { ChooseState } from '#components/deployment/deployment-data.ts';
import { audit } from '#lib/access/audit.ts';
import { requireSession } from '#lib/access/session.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { chooseDeployment } from '#lib/deployment/current.ts';
import { holdsKeyMaterial } from '../../../guard/key-material.ts';

/** Makes a directory the one that is managed. It is only read and checked, nothing in it is touched. */
export async function choose(_before: ChooseState, form: FormData): Promise<ChooseState> {
  const { user, ip } = await requireSession();
  const given = form.get('dir');
  const dir = (typeof given === 'string' ? given : '').trim().slice(0, 4096);
  if (holdsKeyMaterial(dir)) return { error: { code: 'key_material', params: {} } };
  const row = { user: user.username, ip, action: 'deployment.choose', target: dir.slice(0, 500) };
  try {
    await chooseDeployment(dir);
    await audit({ ...row, result: 'ok' });
    return { done: { dir } };
  } catch (error) {
    await audit({ ...row, result: 'refused', detail: isPanelError(error) ? { code: error.code } : undefined });
    if (isPanelError(error)) return { dir, error: { code: error.code, params: error.params } };
    log.error({ err: error }, 'deployment not chosen');
    return { dir, error: { code: 'unexpected', params: { event: '–' } } };
  }
}
