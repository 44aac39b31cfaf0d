import { fromHex, toBech32 } from '@cosmjs/encoding';
import { z } from 'zod';
import { db } from '#lib/db/client.ts';
import { hostPlaces, type Visible } from './host-places.ts';
import { operationalKeyFile } from './operational-key-file.ts';
import type { Deployment } from './schema.ts';

/** The row that the making of a key leaves behind, as far as it is of use here. */
const keptKey = z.object({ name: z.string(), address: z.string() });

async function kept(dir: string): Promise<z.infer<typeof keptKey> | undefined> {
  const row = await db().setting.findUnique({ where: { key: `ml-key:${dir}` } }).catch(() => null);
  try {
    return keptKey.safeParse(row ? JSON.parse(row.value) : undefined).data;
  } catch {
    return undefined;
  }
}

/**
 * The address of the ML operational key. `keyring`: by the keyring's own file names; `kept`: as it was read when the key was made,
 * the keyring can't be read from here. `several`: the keyring has more than one key, and nothing says which is KEY_NAME's.
 */
export type OperationalKeyAddress = { state: 'known'; address: string; by: 'keyring' | 'kept' } | { state: 'absent'; name: string } | { state: 'unknown'; why: 'unreadable' | 'several' | 'no_name' };

/**
 * Where `grant-ml-ops-permissions` has to point to. A keyring of one key tells its address by its file names, `KEY_NAME.info`
 * and `<hex of the address>.address` (measured 5); of several, the one that was kept. Reads names only. Never throws.
 */
export async function operationalKeyAddress(of: Deployment, visible: Visible = hostPlaces()): Promise<OperationalKeyAddress> {
  const file = await operationalKeyFile(of, visible);
  if (file.name === undefined) return { state: 'unknown', why: 'no_name' };
  if (file.state === 'absent') return { state: 'absent', name: file.name };
  const known = await kept(of.dir);
  const ours = known?.name === file.name ? known.address : undefined;
  if (file.state === 'unknown') return ours ? { state: 'known', address: ours, by: 'kept' } : { state: 'unknown', why: 'unreadable' };
  const { names = [] } = file;
  const addresses = (file.addresses ?? []).map((hex) => toBech32('gonka', fromHex(hex)));
  const [only] = addresses;
  // One address beside two keys may be the other one's.
  if (only && addresses.length === 1 && names.length === 1) return { state: 'known', address: only, by: 'keyring' };
  if (ours && addresses.includes(ours)) return { state: 'known', address: ours, by: 'keyring' };
  return { state: 'unknown', why: addresses.length > 1 || names.length > 1 ? 'several' : 'unreadable' };
}
