import { constants, existsSync } from 'node:fs';
import { access, opendir, readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** `writable`: by this process; for a path that doesn't exist, whether it could be made. Room is that of the file system it is, or would be, on. */
export type KnownPath = { exists: boolean; directory: boolean; /** A directory without entries; undefined when it can't be listed. */ empty?: boolean; writable: boolean; freeBytes: number; totalBytes: number; /** Absent where the file system makes them as needed. */ inodes?: { free: number; total: number } };
/** `container`: the panel's own container hides it. Otherwise the kernel's word, such as EACCES. */
export type PathFacts = KnownPath | { unknown: string };

/**
 * What is at an absolute path, links followed. Never throws: what can't be seen is unknown with the reason. Inside a
 * container only what is mounted belongs to the host; the container's own root says nothing about it.
 */
export async function pathFacts(place: string, inContainer = existsSync('/.dockerenv')): Promise<PathFacts> {
  try {
    const { base, depth } = await nearest(path.resolve(/*turbopackIgnore: true*/ place));
    if (inContainer && !bringsHostPath(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''), base)) return { unknown: 'container' };
    const info = await stat(/*turbopackIgnore: true*/ base);
    if (depth > 0 && !info.isDirectory()) return { unknown: 'ENOTDIR' };
    const { bavail, blocks, bsize, ffree, files } = await statfs(/*turbopackIgnore: true*/ base);
    const writable = await access(/*turbopackIgnore: true*/ base, constants.W_OK).then(() => true, () => false);
    const directory = depth === 0 && info.isDirectory();
    const empty = directory ? await isEmpty(base) : undefined;
    return { exists: depth === 0, directory, ...(empty === undefined ? {} : { empty }), writable, freeBytes: bavail * bsize, totalBytes: blocks * bsize, ...(files > 0 ? { inodes: { free: ffree, total: files } } : {}) };
  } catch (error) {
    return { unknown: (error as NodeJS.ErrnoException).code ?? 'error' };
  }
}

/** The path itself, or the nearest parent that exists. Throws what stat throws for any reason but absence. */
async function nearest(place: string): Promise<{ base: string; depth: number }> {
  for (let base = place, depth = 0; ; base = path.dirname(base), depth++) {
    const error = await stat(/*turbopackIgnore: true*/ base).then(() => undefined, (one: NodeJS.ErrnoException) => one);
    if (!error) return { base, depth };
    if ((error.code !== 'ENOENT' && error.code !== 'ENOTDIR') || base === path.dirname(base)) throw error;
  }
}

async function isEmpty(dir: string): Promise<boolean | undefined> {
  try {
    const handle = await opendir(/*turbopackIgnore: true*/ dir);
    const first = await handle.read();
    await handle.close();
    return first === null;
  } catch {
    return undefined;
  }
}

/**
 * Whether the mount that covers it brings the host's own path, under the same name, into this container: a volume or
 * the container's /tmp is something else of that name (proc(5), mountinfo: root, mount point, … - type).
 */
export function bringsHostPath(mountinfo: string, place: string): boolean {
  const unescaped = (field: string) => field.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [fields = '', tail = ''] = line.split(' - ');
    const [, , , root, point] = fields.split(' ');
    return root && point ? [{ root: unescaped(root), point: unescaped(point), type: tail.split(' ')[0] ?? '' }] : [];
  });
  const covering = mounts.filter(({ point }) => point === '/' || place === point || place.startsWith(point + path.sep)).sort((a, b) => a.point.length - b.point.length).at(-1);
  return covering !== undefined && covering.point !== '/' && !NOT_A_DISK.test(covering.type) && (covering.root === '/' || covering.point.endsWith(covering.root));
}

const NOT_A_DISK = /^(?:tmpfs|devtmpfs|devpts|proc|sysfs|cgroup2?|mqueue|overlay)$/;
