import path from 'node:path';
import { hostPlaces, namesIn, type Visible } from './host-places.ts';
import type { Deployment } from './schema.ts';

const API_HOME = '/root/.inference';

/**
 * Whether the keyring of the API node has the ML operational key `name`. `unknown`: can't be read from here, which is not
 * "absent"; then `keyring` is the directory to look into by hand. `addresses`: of all keys there, in hexadecimal digits (measured 5);
 * `names`: of all keys there.
 */
export type OperationalKeyFile = { state: 'present' | 'absent' | 'unknown'; name?: string; keyring?: string; addresses?: string[]; names?: string[] };

const namesOf = (files: string[]): string[] => files.flatMap((name) => /^(.+)\.info$/.exec(name)?.[1] ?? []).sort();

/** Names of the keys in the keyring of the API node, as far as they can be seen; empty where none is or can be. Never throws. */
export async function keyringNames(of: Deployment, visible: Visible = hostPlaces()): Promise<string[]> {
  const source = of.services.find((one) => one.role === 'api')?.mounts.find((one) => one.target === API_HOME)?.source;
  const names = source ? await namesIn(path.join(/*turbopackIgnore: true*/ source, 'keyring-file'), visible) : [];
  return Array.isArray(names) ? namesOf(names) : [];
}

/**
 * Looks for `keyring-file/KEY_NAME.info`, the evidence for that key (measured 3, 5); reads names only. For showing: before
 * a key is made, the keyring is looked at from inside the `api` image. Never throws.
 */
export async function operationalKeyFile(of: Deployment, visible: Visible = hostPlaces()): Promise<OperationalKeyFile> {
  const name = of.values.KEY_NAME;
  const source = of.services.find((one) => one.role === 'api')?.mounts.find((one) => one.target === API_HOME)?.source;
  if (!name || /^<.*>$/.test(name) || !source) return { state: 'unknown' };
  const top = await namesIn(source, visible);
  const keyring = path.join(/*turbopackIgnore: true*/ source, 'keyring-file');
  const keys = Array.isArray(top) ? await namesIn(keyring, visible) : top;
  if (keys === 'unreadable' || keys === 'unseen') return { state: 'unknown', name, keyring };
  if (keys === 'absent' || !keys.includes(`${name}.info`)) return { state: 'absent', name };
  return { state: 'present', name, names: namesOf(keys), addresses: keys.flatMap((one) => /^([0-9a-f]{40})\.address$/.exec(one)?.[1] ?? []) };
}
