import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readFile, readlink, rmdir, unlink } from 'node:fs/promises';
import { PanelError } from '#lib/core/errors.ts';

/*
 * A folder as it is, without following a link anywhere: every name is looked up in a directory that is held open
 * (/proc/self/fd/N/NAME, what openat(2) is elsewhere), so that a name that is swapped meanwhile leads nowhere else.
 */

/** `path` is relative to the folder. `stamp` changes with whatever happens to the entry: inode, size, times of content and of the inode. */
export type TreeEntry = { path: string; type: 'file' | 'dir' | 'link' | 'other'; bytes: number; stamp: string };
export type Tree = { dir: string; entries: TreeEntry[] };

/** More than this isn't listed, and so isn't deleted. */
const MOST_ENTRIES = 1_000_000;
const DEEPEST = 100;

const below = (handle: FileHandle, name: string) => `/proc/self/fd/${handle.fd}/${name}`;
const OPEN_DIR = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const typeOf = (info: BigIntStats): TreeEntry['type'] => (info.isDirectory() ? 'dir' : info.isFile() ? 'file' : info.isSymbolicLink() ? 'link' : 'other');
/** A directory's own size and times change with what is in it, which has entries of its own. */
const stampOf = (info: BigIntStats): string => (info.isDirectory() ? `${info.dev}:${info.ino}` : `${info.dev}:${info.ino}:${info.size}:${info.mtimeNs}:${info.ctimeNs}`);
/** Without the inode's time: deleting one name of a file that has two changes it for the other. */
const sameThing = (stamp: string, now: string): boolean => stamp.split(':').slice(0, 4).join(':') === now.split(':').slice(0, 4).join(':');
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isGone = (error: unknown): boolean => codeOf(error) === 'ENOENT';
/** Which mount an open directory is on (proc_pid_fdinfo(5)): one that is mounted there from the same file system has the same device. */
const mountOf = async (handle: FileHandle): Promise<string | undefined> => /^mnt_id:\s*(\d+)/m.exec(await readFile(`/proc/self/fdinfo/${handle.fd}`, 'utf8'))?.[1];

/**
 * Opens a folder by its absolute path, which must lead there without a link. Undefined when there is none. Throws
 * folder_link (a link on the way, or something that is no directory), folder_unreadable.
 */
async function openFolder(dir: string): Promise<FileHandle | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(/*turbopackIgnore: true*/ dir, OPEN_DIR);
    if ((await readlink(`/proc/self/fd/${handle.fd}`)) === dir) return handle;
  } catch (error) {
    await handle?.close();
    if (isGone(error)) return undefined;
    if (codeOf(error) !== 'ELOOP' && codeOf(error) !== 'ENOTDIR') throw new PanelError('folder_unreadable', { dir, why: codeOf(error) ?? 'error' }, { status: 409, cause: error });
    handle = undefined;
  }
  await handle?.close();
  throw new PanelError('folder_link', { dir }, { status: 409 });
}

/** By path: what is listed (with all that is in it), or `through`: only looked into. */
export type Choice = (path: string) => 'list' | 'through' | 'leave';

/**
 * Everything in a folder that is chosen, a directory after what is in it; empty where the folder isn't there. Throws
 * folder_link (also where a directory that is looked into is a link), folder_unreadable, folder_mount (something is mounted
 * below), folder_too_many.
 */
export async function listTree(dir: string, choice: Choice = () => 'list', signal?: AbortSignal): Promise<Tree> {
  const entries: TreeEntry[] = [];
  const root = await openFolder(dir);
  if (!root) return { dir, entries };
  const walk = async (handle: FileHandle, prefix: string, depth: number, inside: boolean): Promise<void> => {
    signal?.throwIfAborted();
    if (depth > DEEPEST) throw new PanelError('folder_too_many', { dir, most: MOST_ENTRIES }, { status: 409 });
    for (const name of (await readdir(`/proc/self/fd/${handle.fd}`)).sort()) {
      const path = prefix + name;
      const chosen = inside ? 'list' : choice(path);
      if (chosen === 'leave') continue;
      const info = await lstat(below(handle, name), { bigint: true }).catch((error: unknown) => ignoreGone(error));
      if (!info) continue;
      const mounted = () => new PanelError('folder_mount', { dir, path }, { status: 409 });
      if (info.dev !== dev) throw mounted();
      // What it leads to would stay, and nobody would have been told.
      if (chosen === 'through' && info.isSymbolicLink()) throw new PanelError('folder_link', { dir: `${dir}/${path}` }, { status: 409 });
      if (info.isDirectory()) {
        const child = await open(below(handle, name), OPEN_DIR).catch((error: unknown) => ignoreGone(error));
        if (!child) continue;
        try {
          if ((await mountOf(child)) !== mount) throw mounted();
          await walk(child, `${path}/`, depth + 1, chosen === 'list');
        } finally {
          await child.close();
        }
      }
      if (chosen === 'list') entries.push({ path, type: typeOf(info), bytes: info.isFile() ? Number(info.size) : 0, stamp: stampOf(info) });
      if (entries.length > MOST_ENTRIES) throw new PanelError('folder_too_many', { dir, most: MOST_ENTRIES }, { status: 409 });
    }
  };
  const { dev } = await root.stat({ bigint: true });
  const mount = await mountOf(root);
  try {
    await walk(root, '', 0, false);
  } catch (error) {
    if (error instanceof PanelError || signal?.aborted) throw error;
    throw new PanelError('folder_unreadable', { dir, why: codeOf(error) ?? 'error' }, { status: 409, cause: error });
  } finally {
    await root.close();
  }
  return { dir, entries };
}

function ignoreGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

/** One hash of what is listed: the same only while nothing of it has changed. */
export function digestOf(trees: readonly Tree[]): string {
  const hash = createHash('sha256');
  for (const { dir, entries } of trees) {
    hash.update(`${JSON.stringify(dir)}\n`);
    for (const { path, type, stamp } of entries) hash.update(`${JSON.stringify(path)} ${type} ${stamp}\n`);
  }
  return hash.digest('hex');
}

/** Whether all that is there now was listed, and is what it was. */
export function isRestOf(now: Tree, listed: Tree): boolean {
  const known = new Map(listed.entries.map((one) => [one.path, one]));
  return now.dir === listed.dir && now.entries.every((one) => {
    const before = known.get(one.path);
    return before?.type === one.type && sameThing(before.stamp, one.stamp);
  });
}

/** What was left where it is: not listed, another one by now, or this process may not. */
export type Removal = { removed: number; bytes: number; left: { path: string; why: 'new' | 'changed' | 'denied' }[] };
const MOST_LEFT = 50;

/** What of a listing is still there and still the same. */
export function restOf(now: Tree, listed: Tree): Tree {
  const there = new Map(now.entries.map((one) => [one.path, one]));
  return { dir: listed.dir, entries: now.dir === listed.dir ? listed.entries.filter(({ path, type, stamp }) => {
    const one = there.get(path);
    return one?.type === type && sameThing(stamp, one.stamp);
  }) : [] };
}

/**
 * Deletes what a listing names and nothing else, however often it is called: what isn't there any more is done, what has
 * another inode or kind by now stays, and so does what something is mounted on. The folder itself stays. `turn` is awaited
 * before each name and may throw.
 */
export async function removeListed({ dir, entries }: Tree, turn: (removed: number, bytes: number) => Promise<void>): Promise<Removal> {
  const listed = new Map(entries.map((one) => [one.path, one]));
  const through = new Set<string>();
  for (const { path } of entries) for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) through.add(path.slice(0, at));
  const result: Removal = { removed: 0, bytes: 0, left: [] };
  const leave = (path: string, why: Removal['left'][number]['why']) => void (result.left.length < MOST_LEFT && result.left.push({ path, why }));
  const root = await openFolder(dir);
  if (!root) return result;
  const { dev } = await root.stat({ bigint: true });
  const mount = await mountOf(root);
  const walk = async (handle: FileHandle, prefix: string): Promise<void> => {
    for (const name of await readdir(`/proc/self/fd/${handle.fd}`)) {
      await turn(result.removed, result.bytes);
      const path = prefix + name;
      const entry = listed.get(path);
      if (!entry && !through.has(path)) {
        // Beside what is listed at the top everything stays anyway.
        if (prefix !== '' && listed.has(prefix.slice(0, -1))) leave(path, 'new');
        continue;
      }
      const info = await lstat(below(handle, name), { bigint: true }).catch((error: unknown) => ignoreGone(error));
      if (!info) continue;
      if (info.dev !== dev || (entry && (typeOf(info) !== entry.type || !sameThing(entry.stamp, stampOf(info))))) {
        leave(path, 'changed');
        continue;
      }
      try {
        if (info.isDirectory()) {
          const child = await open(below(handle, name), OPEN_DIR);
          try {
            if ((await child.stat({ bigint: true })).ino !== info.ino || (await mountOf(child)) !== mount) {
              leave(path, 'changed');
              continue;
            }
            await walk(child, `${path}/`);
          } finally {
            await child.close();
          }
          if (!entry) continue;
          await rmdir(below(handle, name));
        } else await unlink(below(handle, name));
        result.removed += 1;
        result.bytes += entry?.bytes ?? 0;
      } catch (error) {
        if (isGone(error) || codeOf(error) === 'ENOTEMPTY') continue;
        if (codeOf(error) === 'EBUSY') {
          leave(path, 'changed');
          continue;
        }
        if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
        leave(path, 'denied');
      }
    }
  };
  try {
    await walk(root, '');
  } finally {
    await root.close();
  }
  return result;
}

/** Opens a listed file for reading, if it is still that file. Throws folder_changed. */
export async function openListed(dir: string, entry: TreeEntry): Promise<FileHandle> {
  const changed = () => new PanelError('folder_changed', { path: entry.path }, { status: 409 });
  const parts = entry.path.split('/');
  let at = await openFolder(dir);
  if (!at) throw changed();
  try {
    for (const part of parts.slice(0, -1)) {
      const next: FileHandle = await open(below(at, part), OPEN_DIR);
      await at.close();
      at = next;
    }
    const file = await open(below(at, parts.at(-1) as string), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = await file.stat({ bigint: true });
    if (info.isFile() && stampOf(info) === entry.stamp) return file;
    await file.close();
    throw changed();
  } catch (error) {
    if (isGone(error) || codeOf(error) === 'ELOOP' || codeOf(error) === 'ENOTDIR') throw changed();
    if (error instanceof PanelError) throw error;
    throw new PanelError('folder_unreadable', { dir, why: codeOf(error) ?? 'error' }, { status: 409, cause: error });
  } finally {
    await at?.close().catch(() => undefined);
  }
}

/** Where a listed link leads, as text. Throws folder_changed. */
export async function linkListed(dir: string, entry: TreeEntry): Promise<string> {
  return readlink(`${dir}/${entry.path}`).catch(() => {
    throw new PanelError('folder_changed', { path: entry.path }, { status: 409 });
  });
}
