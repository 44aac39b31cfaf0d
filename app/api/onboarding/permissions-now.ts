import { accountKeyState } from '#lib/chain/account-key.ts';
import { judgePermissions, neededPermissions, type Permissions } from '#lib/chain/permissions.ts';
import type { Reading } from '#lib/chain/reading.ts';
import { clock } from '#lib/core/clock.ts';
import { type OperationalKeyAddress, operationalKeyAddress } from '#lib/deployment/operational-key-address.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { grantsOf } from '#lib/watch/network-snapshot.ts';

/** Who allows (`granter`, the account), who is allowed (`key`), and what of it the chain has now, by the needs of the deployment's release. */
export async function permissionsNow(of: Deployment): Promise<{ granter?: string; key: OperationalKeyAddress; read: Reading<Permissions> }> {
  const account = accountKeyState(of.values.ACCOUNT_PUBKEY);
  const key = await operationalKeyAddress(of);
  if (account.state !== 'ok') return { key, read: { state: 'unknown', error: { code: 'chain_no_account_key', params: {} } } };
  if (key.state !== 'known') return { granter: account.address, key, read: { state: 'unknown' } };
  const { value, ...read } = await grantsOf(account.address, key.address);
  return { granter: account.address, key, read: { ...read, ...(value ? { value: judgePermissions(neededPermissions(of.release), value, clock.now()) } : {}) } };
}
