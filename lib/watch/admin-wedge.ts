import type { ReadingError } from '#lib/chain/reading.ts';
import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { type Hang, hangAfter, isAdminWedged } from '#lib/mlnodes/admin-hang.ts';
import { apiNodes } from './api-nodes.ts';
import { networkSnapshot } from './network-snapshot.ts';

/** `wedged`: only a restart of the api helps; `since`: ms of the first look that hung. `down`: it refuses or answers something else. */
export type AdminSideState = { state: 'ok' | 'down' | 'wedged' | 'unknown'; since?: number; error?: ReadingError };

/** How the admin side of the own api does, looked at now; a hang is believed only beside a public side that answers (measured 28). */
export async function adminSideState(of: Deployment): Promise<AdminSideState> {
  const held = singleton('admin-hang', (): { of: string; hang?: Hang } => ({ of: '' }));
  const [{ state, error }, { ownApi }] = await Promise.all([apiNodes(of), networkSnapshot()]);
  const key = `${of.dir} ${of.project.name}`;
  held.hang = hangAfter(held.of === key ? held.hang : undefined, error, clock.now());
  held.of = key;
  if (state === 'ok') return { state: 'ok' };
  if (isAdminWedged(held.hang, ownApi.state === 'ok')) return { state: 'wedged', since: held.hang?.since, ...(error ? { error } : {}) };
  if (error?.code === 'mlnodes_slow' || !error) return { state: 'unknown', ...(error ? { error } : {}) };
  return { state: 'down', error };
}

/** Whether the api of the deployment that is managed is wedged: restarting it is repair, since waiting helps nobody. */
export async function adminWedged(): Promise<boolean> {
  const of = await currentDeployment();
  return of !== undefined && (await adminSideState(of)).state === 'wedged';
}
