import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isPanelError } from '#lib/core/errors.ts';
import { runOneShot } from '#lib/docker/client.ts';
import type { Deployment, DeploymentService } from './schema.ts';

/** Where the images have them (facts 1.4). */
const TMKMS_HOME = '/root/.tmkms';
const NODE_HOME = '/root/.inference';
const KEY_FILE = 'priv_validator_key.softsign';

/** `empty`: surely no key (tmkms would make a new one). `unknown`: can't be read, which is not "empty". */
export type TmkmsFolder = { state: 'empty' } | { state: 'key'; publicKey: string } | { state: 'unknown'; why: string };

/**
 * What stands in `.tmkms`. The public key is what the image's own `tmkms-pubkey` prints in a one-off container (folder
 * read-only, no network, logged nowhere): the private key never enters the panel. Nothing is pulled. Never throws.
 */
export async function tmkmsFolder(service: DeploymentService, timeoutMs = 30_000): Promise<TmkmsFolder> {
  const source = service.mounts.find((one) => one.target === TMKMS_HOME)?.source;
  if (!source) return { state: 'unknown', why: `no mount at ${TMKMS_HOME}` };
  const secrets = await names(path.join(/*turbopackIgnore: true*/ source, 'secrets'));
  // Not there for the panel can still be there for Docker: a link that leads nowhere here, a place that isn't mounted here.
  if (secrets === 'absent' && !(await isSeen(source))) return { state: 'unknown', why: 'unreadable' };
  if (secrets === 'absent' || (Array.isArray(secrets) && !secrets.includes(KEY_FILE))) return { state: 'empty' };
  // An unreadable folder is readable for the container's root user: it is asked all the same.
  try {
    const { exitCode, stdout } = await runOneShot({ image: service.image, argv: ['tmkms-pubkey', '--json'], binds: [`${source}:${TMKMS_HOME}:ro`], networkMode: 'none', timeoutMs });
    const publicKey = exitCode === 0 ? consensusKeyIn(stdout) : undefined;
    return publicKey ? { state: 'key', publicKey } : { state: 'unknown', why: `tmkms-pubkey: ${exitCode}` };
  } catch (error) {
    return { state: 'unknown', why: isPanelError(error) ? error.code : 'tmkms-pubkey' };
  }
}

/**
 * The one Ed25519 public key (base64 of 32 bytes) in what `tmkms-pubkey` prints: bare, or as the JSON that stands
 * behind `Pubkey:` in tmkms's log (samples, tmkms-first-start.log). Two different keys, or another type: undefined.
 */
export function consensusKeyIn(output: string): string | undefined {
  const types = [...output.matchAll(/"@type"\s*:\s*"([^"]*)"/g)].map((match) => match[1]);
  if (types.some((type) => type !== '/cosmos.crypto.ed25519.PubKey')) return undefined;
  const keys = new Set([...output.matchAll(/"key"\s*:\s*"([^"]*)"/g)].map((match) => match[1] as string));
  if (keys.size === 0) for (const line of output.split(/\r?\n/)) if (/^[A-Za-z0-9+/]{43}=$/.test(line.trim())) keys.add(line.trim());
  const [key] = keys;
  return keys.size === 1 && key && /^[A-Za-z0-9+/]{43}=$/.test(key) && Buffer.from(key, 'base64').length === 32 ? key : undefined;
}

/** Whether the chain node has run from its `.inference` (facts 1.3: a first start leaves the flag; older signs count too). */
export async function nodeHasRun(of: Deployment): Promise<boolean | 'unknown'> {
  const source = of.services.find((one) => one.role === 'node')?.mounts.find((one) => one.target === NODE_HOME)?.source;
  if (!source) return 'unknown';
  const top = await names(source);
  if (top === 'absent') return false;
  if (top === 'unreadable') return 'unknown';
  if (top.includes('.node_initialized')) return true;
  for (const [dir, sign] of [['config', 'genesis.json'], ['data', 'application.db'], ['data', 'blockstore.db']] as const) {
    const inside = await names(path.join(/*turbopackIgnore: true*/ source, dir));
    if (inside === 'unreadable') return 'unknown';
    if (inside !== 'absent' && inside.includes(sign)) return true;
  }
  return false;
}

/** The folder itself, or that it surely isn't in its parent. */
async function isSeen(folder: string): Promise<boolean> {
  const top = await names(folder);
  if (top !== 'absent') return top !== 'unreadable';
  const link = await lstat(/*turbopackIgnore: true*/ folder).then((info) => info.isSymbolicLink(), () => false);
  return !link && Array.isArray(await names(path.dirname(folder)));
}

async function names(dir: string): Promise<string[] | 'absent' | 'unreadable'> {
  try {
    return await readdir(/*turbopackIgnore: true*/ dir);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
  }
}
