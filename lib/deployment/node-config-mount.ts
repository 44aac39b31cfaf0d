import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { EDITABLE } from './config-schema.ts';
import type { Deployment } from './schema.ts';

/**
 * The file that api has mounted as its node-config.json, when that isn't the deployment's own: NODE_CONFIG may name another
 * one (facts 2.2). Undefined: it is this one, or none is mounted.
 */
export async function otherNodeConfig({ dir, services }: Pick<Deployment, 'dir' | 'services'>): Promise<string | undefined> {
  const mounted = services.find(({ role }) => role === 'api')?.mounts.find(({ target }) => target === '/root/node_config.json')?.source;
  if (!mounted) return undefined;
  const [theirs, ours] = await Promise.all([mounted, EDITABLE['node-config']].map((file) => real(path.resolve(/*turbopackIgnore: true*/ dir, file))));
  return theirs === ours ? undefined : mounted;
}

const real = (file: string): Promise<string> => realpath(/*turbopackIgnore: true*/ file).catch(() => file);
