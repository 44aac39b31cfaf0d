import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import { hostPlaces } from '#lib/deployment/host-places.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { weightsPlace } from '#lib/deployment/weights-place.ts';
import type { Choice } from '#lib/host/folder-tree.ts';
import type { ResetPart } from './schema.ts';

/**
 * A folder that something goes from. `mounted`: who has this, or something in it, mounted must be down. `backs`: what of
 * it a backup holds; `image`: one that has the folder mounted, for what this process may not delete.
 */
export type ResetPlace = { dir: string; mounted: string; choice: Choice; backs: (path: string) => boolean; image?: string };

const ALL: Choice = () => 'list';
/**
 * What a node gets again from the network (facts 1.4, 11.4): its data, the wasm state that belongs to it, and the flag of
 * the first run. Never config/ and keyring-file/. The directory data/ stays: the node wants it there.
 */
const CHAIN_DATA: Choice = (name) => (name === 'data' ? 'through' : name.startsWith('data/') || name === 'wasm' || name === '.node_initialized' ? 'list' : 'leave');
/** Of `.inference`: what can be had again, so that a backup of keys isn't 100 GB. */
const isFetched = (name: string): boolean => /^(?:data|wasm|cosmovisor|data-backup-[^/]*)(?:\/|$)/.test(name) || name === '.node_initialized';
/** The hub's own names in its cache; a cache directory may have other programs' beside them. */
const WEIGHTS: Choice = (name) => (/^(?:models|datasets|spaces)--[^/]+$/.test(name) || name === '.locks' || name === 'version.txt' ? 'list' : 'leave');

const FOLDERS = { inference: ['node', '/root/.inference'], dapi: ['api', '/root/.dapi'], tmkms: ['tmkms', '/root/.tmkms'] } as const;

/** Directories of the system: nothing of Gonka's is all that is in one of them. */
const SYSTEM = new Set(['/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib64', '/media', '/mnt', '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/usr/local', '/var', '/var/lib', '/var/lib/docker', '/']);

/**
 * The folders of a part, as compose mounts them. Each is a real directory (no link on the way) below the deployment, the
 * weights below their own mount. Throws reset_no_folder, reset_outside, reset_link, reset_forbidden, reset_unseen, reset_no_weights.
 */
export async function resetPlaces(of: Deployment, part: ResetPart): Promise<ResetPlace[]> {
  if (part === 'chain') return [await deploymentFolder(of, 'inference', CHAIN_DATA)];
  if (part === 'dapi' || part === 'tmkms') return [await deploymentFolder(of, part, ALL)];
  if (part === 'everything') return [await deploymentFolder(of, 'inference', ALL), await deploymentFolder(of, 'dapi', ALL), await deploymentFolder(of, 'tmkms', ALL)];
  return [await weightsFolder(of)];
}

async function deploymentFolder(of: Deployment, name: keyof typeof FOLDERS, choice: Choice): Promise<ResetPlace> {
  const [role, target] = FOLDERS[name];
  const service = of.services.find((one) => one.role === role);
  const source = service?.mounts.find((one) => one.target === target)?.source;
  if (!service || !source) throw new PanelError('reset_no_folder', { service: role, target }, { status: 409 });
  const inside = path.relative(of.dir, path.resolve(/*turbopackIgnore: true*/ source));
  if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) throw new PanelError('reset_outside', { path: source, dir: of.dir }, { status: 409 });
  const dir = path.join(/*turbopackIgnore: true*/ of.dir, inside);
  await checked(dir, of);
  return { dir, mounted: dir, choice, backs: (entry) => name !== 'inference' || !isFetched(entry), ...(service.image ? { image: service.image } : {}) };
}

async function weightsFolder(of: Deployment): Promise<ResetPlace> {
  const place = await weightsPlace(of);
  if (!place) throw new PanelError('reset_no_weights', {}, { status: 409 });
  const mounted = path.resolve(/*turbopackIgnore: true*/ place.source);
  if (SYSTEM.has(mounted) || /^\/home\/[^/]+$/.test(mounted) || (await homes()).has(mounted) || holds(mounted, of.dir) || holds(mounted, path.resolve(panelEnv().dataDir))) throw new PanelError('reset_forbidden', { path: mounted }, { status: 409 });
  const dir = path.resolve(/*turbopackIgnore: true*/ place.cache);
  if (!holds(mounted, dir)) throw new PanelError('reset_outside', { path: dir, dir: mounted }, { status: 409 });
  await checked(dir, of);
  return { dir, mounted, choice: WEIGHTS, backs: () => false, image: place.image };
}

/** Whether `inner` is `outer` or lies in it. */
const holds = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep);

/** No link on the way, nothing that holds the deployment or the panel's own data, and the host's own directory. */
async function checked(dir: string, of: Deployment): Promise<void> {
  const data = await realpath(/*turbopackIgnore: true*/ panelEnv().dataDir).catch(() => path.resolve(panelEnv().dataDir));
  if (holds(dir, of.dir) || holds(dir, data)) throw new PanelError('reset_forbidden', { path: dir }, { status: 409 });
  let there = dir;
  let real: string | undefined;
  while (real === undefined) {
    real = await realpath(/*turbopackIgnore: true*/ there).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && there !== path.dirname(there)) return undefined;
      throw new PanelError('reset_link', { path: there }, { status: 409 });
    });
    if (real === undefined) there = path.dirname(there);
  }
  if (real !== there) throw new PanelError('reset_link', { path: dir }, { status: 409 });
  if (!(await hostPlaces()(there))) throw new PanelError('reset_unseen', { path: dir }, { status: 409 });
}

/** Homes of the machine's users. */
async function homes(): Promise<Set<string>> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const named = passwd.split('\n').map((line) => line.split(':')[5] ?? '').filter((home) => path.isAbsolute(home));
  return new Set([...named, panelEnv().child.HOME ?? '/root'].map((home) => path.resolve(/*turbopackIgnore: true*/ home)));
}
