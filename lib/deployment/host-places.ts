import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';

/** Whether a directory that the panel can open is the host's own directory of that path. */
export type Visible = (folder: string) => Promise<boolean>;

/** File systems that a container brings along itself. */
const OWN = /^(overlay|tmpfs|ramfs|proc|sysfs|devpts|devtmpfs|mqueue|cgroup2?|fuse\.fuse-overlayfs)$/;

/** `mountinfo`: text of /proc/self/mountinfo (proc_pid_mountinfo(5)); `besideEngine`: the engine runs inside the same container; `deployDir`: GONKA_DEPLOY_DIR. */
type Standing = { inContainer?: boolean; mountinfo?: string; besideEngine?: boolean; deployDir?: string };

/**
 * What the panel sees of the host, the engine's machine. In a container of its own that is what is mounted from there at
 * the same path; `/srv`, `/mnt` and `/opt` of its image, directories on the way to a mount and its data volume are not.
 */
export function hostPlaces({ inContainer = existsSync('/.dockerenv'), mountinfo, besideEngine, deployDir = panelEnv().deployDir }: Standing = {}): Visible {
  return async (folder) => {
    if (!inContainer || (besideEngine ?? (await sharesEngineRoot()))) return true;
    const real = await realpath(/*turbopackIgnore: true*/ folder).catch(() => undefined);
    if (!real) return false;
    const mounts = mountsIn(mountinfo ?? (await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')));
    const over = mounts.filter(({ point }) => point === path.sep || real === point || real.startsWith(point + path.sep));
    // Of mounts at one point the last one lies on top.
    const mount = over.reduce<Mount | undefined>((best, one) => (!best || one.point.length >= best.point.length ? one : best), undefined);
    if (!mount || mount.point === path.sep) return false;
    // Mounted as docker-compose.panel.yml does it, also when its last name is a link outside.
    if (mount.point === deployDir) return true;
    // The same path outside: its part of the host's file system has the same name, or it is a whole one.
    return mount.root === path.sep ? !OWN.test(mount.type) : path.basename(mount.root) === path.basename(mount.point);
  };
}

/** Whether an engine runs among the panel's own processes with the panel's own root: then both see the same files. */
async function sharesEngineRoot(): Promise<boolean> {
  const own = await stat('/');
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() !== 'dockerd') continue;
    const root = await stat(`/proc/${pid}/root/`).catch(() => undefined);
    if (root?.dev === own.dev && root.ino === own.ino) return true;
  }
  return false;
}

type Mount = { root: string; point: string; type: string };

const mountsIn = (text: string): Mount[] =>
  text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , , root, point] = (before ?? '').split(' ').map((part) => part.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
    return root && point && after ? [{ root, point, type: after.split(' ')[0] as string }] : [];
  });

/**
 * Names in a folder of the host. `absent`: surely not there. `unreadable`: there, but may not be read. `unseen`: what is
 * there can't be told from here; that is not "absent".
 */
export async function namesIn(folder: string, visible: Visible): Promise<string[] | 'absent' | 'unreadable' | 'unseen'> {
  try {
    const names = await readdir(/*turbopackIgnore: true*/ folder);
    return (await visible(folder)) ? names : 'unseen';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return (await visible(folder)) ? 'unreadable' : 'unseen';
  }
  // A link that leads nowhere here can lead somewhere outside; a parent that is missing is a disk that isn't mounted.
  const gone = await lstat(/*turbopackIgnore: true*/ folder).then(() => false, (error: NodeJS.ErrnoException) => error.code === 'ENOENT');
  const parent = path.dirname(folder);
  const parentRead = await readdir(/*turbopackIgnore: true*/ parent).then(() => true, () => false);
  return gone && parentRead && (await visible(parent)) ? 'absent' : 'unseen';
}
