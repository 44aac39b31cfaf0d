import path from 'node:path';
import { isPanelError } from '#lib/core/errors.ts';
import { runOneShot } from '#lib/docker/client.ts';
import { hostPlaces, namesIn, type Visible } from './host-places.ts';
import type { Deployment } from './schema.ts';

/** Where the images have them (facts 1.4). */
export const TMKMS_HOME = '/root/.tmkms';
const NODE_HOME = '/root/.inference';
const KEY_FILE = 'priv_validator_key.softsign';

/** `empty`: surely no key (tmkms would make a new one). `unknown`: can't be read, which is not "empty". */
export type TmkmsFolder = { state: 'empty' } | { state: 'key'; publicKey: string } | { state: 'unknown'; why: string };

/** What tmkms would run from: an image (reference or id) and host paths mounted into it. */
export type TmkmsPlace = { image: string; mounts: { source: string; target: string }[] };

/**
 * What stands in `.tmkms`. The public key is what the image's own `tmkms-pubkey` prints in a one-off container (folder
 * read-only, no network, logged nowhere): the private key never enters the panel. Nothing is pulled. Never throws.
 */
export async function tmkmsFolder(place: TmkmsPlace, visible: Visible = hostPlaces()): Promise<TmkmsFolder> {
  const source = place.mounts.find((one) => one.target === TMKMS_HOME)?.source;
  if (!source) return { state: 'unknown', why: `no mount at ${TMKMS_HOME}` };
  const top = await namesIn(source, visible);
  const secrets = Array.isArray(top) ? await namesIn(path.join(/*turbopackIgnore: true*/ source, 'secrets'), visible) : top;
  // Not there for the panel can still be there for Docker: a link that leads nowhere here, a place that isn't mounted here.
  if (secrets === 'unseen') return { state: 'unknown', why: 'unreadable' };
  if (secrets === 'absent' || (Array.isArray(secrets) && !secrets.includes(KEY_FILE))) return { state: 'empty' };
  // An unreadable folder is readable for the container's root user: it is asked all the same.
  try {
    const { exitCode, stdout } = await runOneShot({ image: place.image, argv: ['tmkms-pubkey', '--json'], binds: [`${source}:${TMKMS_HOME}:ro`], networkMode: 'none', timeoutMs: 30_000 });
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
export async function nodeHasRun(of: Deployment, visible: Visible = hostPlaces()): Promise<boolean | 'unknown'> {
  const source = of.services.find((one) => one.role === 'node')?.mounts.find((one) => one.target === NODE_HOME)?.source;
  if (!source) return 'unknown';
  const top = await namesIn(source, visible);
  if (top === 'absent') return false;
  if (!Array.isArray(top)) return 'unknown';
  if (top.includes('.node_initialized')) return true;
  for (const [dir, sign] of [['config', 'genesis.json'], ['data', 'application.db'], ['data', 'blockstore.db']] as const) {
    const inside = await namesIn(path.join(/*turbopackIgnore: true*/ source, dir), visible);
    if (inside === 'unreadable' || inside === 'unseen') return 'unknown';
    if (inside !== 'absent' && inside.includes(sign)) return true;
  }
  return false;
}
