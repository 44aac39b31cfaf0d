import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { log } from '#lib/core/log.ts';
import { type BackupManifest, backupManifest, type ShownBackup } from './schema.ts';

/** Manifests are small; a file list of a large folder isn't. */
const MANIFEST_BYTES = 64 * 1024 * 1024;
const MOST_SHOWN = 50;

export const backupsDir = (): string => path.join(/*turbopackIgnore: true*/ panelEnv().dataDir, 'backups');
export const cipherFile = (id: string): string => path.join(/*turbopackIgnore: true*/ backupsDir(), `${id}.tar.age`);
const manifestFile = (id: string): string => path.join(/*turbopackIgnore: true*/ backupsDir(), `${id}.json`);

export async function makeBackupsDir(): Promise<void> {
  await mkdir(/*turbopackIgnore: true*/ backupsDir(), { mode: 0o700, recursive: true });
}

/** Written whole or not at all, for the panel's user only. */
export async function writePrivately(file: string, text: string): Promise<void> {
  await rm(/*turbopackIgnore: true*/ `${file}.part`, { force: true });
  const handle = await open(/*turbopackIgnore: true*/ `${file}.part`, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(/*turbopackIgnore: true*/ `${file}.part`, file);
}

/** A manifest is there only for a backup that was read back: it is written last. */
export const keepManifest = (manifest: BackupManifest): Promise<void> => writePrivately(manifestFile(manifest.id), JSON.stringify(manifest));

export async function manifestOf(id: string): Promise<BackupManifest | undefined> {
  try {
    const file = manifestFile(id);
    if ((await stat(/*turbopackIgnore: true*/ file)).size > MANIFEST_BYTES) return undefined;
    return backupManifest.parse(JSON.parse(await readFile(/*turbopackIgnore: true*/ file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ err: error, id }, 'a backup manifest can not be read');
    return undefined;
  }
}

/** Backups of one deployment, newest first. */
export async function keyBackups(dir: string): Promise<BackupManifest[]> {
  const names = await readdir(/*turbopackIgnore: true*/ backupsDir()).catch(() => [] as string[]);
  const all = await Promise.all(names.filter((name) => /^[0-9a-f-]{36}\.json$/.test(name)).map((name) => manifestOf(name.slice(0, -5))));
  return all.filter((one): one is BackupManifest => one?.dir === dir).sort((a, b) => b.at - a.at).slice(0, MOST_SHOWN);
}

/** Whether the ciphertext is still what was read back, to the last byte. */
export async function isIntact({ id, cipher }: BackupManifest, signal?: AbortSignal): Promise<boolean> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(/*turbopackIgnore: true*/ cipherFile(id), { signal }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch {
    signal?.throwIfAborted();
    return false;
  }
  return bytes === cipher.bytes && hash.digest('hex') === cipher.sha256;
}

/** Removes what a backup that was cut off has left: without a manifest it was never read back, and what it is of is still there. */
export async function dropUnfinished(): Promise<void> {
  const names = await readdir(/*turbopackIgnore: true*/ backupsDir()).catch(() => [] as string[]);
  for (const name of names) {
    const id = name.slice(0, 36);
    if (name.endsWith('.part') || (name.endsWith('.tar.age') && !names.includes(`${id}.json`))) await rm(path.join(/*turbopackIgnore: true*/ backupsDir(), name), { force: true });
  }
}

/** The backup that was made of exactly this listing, and is still there. */
export async function backupFor(dir: string, listing: string, signal?: AbortSignal): Promise<BackupManifest | undefined> {
  for (const one of await keyBackups(dir)) if (one.listing === listing && (await isIntact(one, signal))) return one;
  return undefined;
}

export const shownBackup = ({ id, at, part, publicKey, readBackAt, cipher, files }: BackupManifest): ShownBackup => ({ id, at, part, readBackAt, bytes: cipher.bytes, sha256: cipher.sha256, files: files.length, ...(publicKey ? { publicKey } : {}) });
