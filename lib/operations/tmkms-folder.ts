import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isPanelError } from '#lib/core/errors.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { runOneShot } from '#lib/docker/client.ts';
import type { TmkmsFolder } from './tmkms-interlock.ts';

const HOME = '/root/.tmkms';
const KEY_FILE = 'priv_validator_key.softsign';
const PUBLIC_KEY = /"key"\s*:\s*"([A-Za-z0-9+/]{43}=)"/;

/** Names in a directory; `absent` when there is none, `unreadable` when it may not be read. */
async function names(dir: string): Promise<string[] | 'absent' | 'unreadable'> {
  try {
    return await readdir(/*turbopackIgnore: true*/ dir);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
  }
}

/**
 * What stands in tmkms's folder. The public key is what the image's own `tmkms-pubkey` prints in a one-off container
 * (logged nowhere, folder read-only, no network): the private key never enters the panel. `image` absent: not pulled yet.
 */
export async function tmkmsFolder(_of: Deployment, service: DeploymentService, image: string | undefined): Promise<TmkmsFolder> {
  const source = service.mounts.find((m) => m.target === HOME)?.source;
  if (!source) return { state: 'unknown', why: `no mount at ${HOME}` };
  const top = await names(source);
  if (top === 'absent') return { state: 'empty' };
  const secrets = top === 'unreadable' ? 'unreadable' : await names(path.join(source, 'secrets'));
  if (secrets === 'absent' || (Array.isArray(secrets) && !secrets.includes(KEY_FILE))) return { state: 'empty' };
  if (!image) return { state: 'unknown', why: 'image_absent' };
  try {
    const { exitCode, stdout } = await runOneShot({ image: service.image, argv: ['tmkms-pubkey'], binds: [`${source}:${HOME}:ro`], timeoutMs: 30_000 });
    const key = PUBLIC_KEY.exec(stdout)?.[1];
    if (key && exitCode === 0) return { state: 'key', publicKey: key };
    return { state: 'unknown', why: `tmkms-pubkey: ${exitCode}` };
  } catch (error) {
    return { state: 'unknown', why: isPanelError(error) ? error.code : 'tmkms-pubkey' };
  }
}

/** Whether the chain node has run from its `.inference` (facts 1.3, 1.4): what a first start leaves behind. */
export async function hostHasRun(of: Deployment): Promise<boolean | 'unknown'> {
  const node = of.services.find((s) => s.role === 'node');
  const source = node?.mounts.find((m) => m.target === '/root/.inference')?.source;
  if (!source) return 'unknown';
  const top = await names(source);
  if (top === 'absent') return false;
  if (top === 'unreadable') return 'unknown';
  if (top.includes('.node_initialized')) return true;
  for (const [dir, sign] of [['config', 'genesis.json'], ['data', 'application.db'], ['data', 'blockstore.db']] as const) {
    const inside = await names(path.join(source, dir));
    if (inside === 'unreadable') return 'unknown';
    if (inside !== 'absent' && inside.includes(sign)) return true;
  }
  return false;
}
