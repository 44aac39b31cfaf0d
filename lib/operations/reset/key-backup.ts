import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream as WebStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import tar from 'tar-stream';
import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { linkListed, openListed, type Tree, type TreeEntry } from '#lib/host/folder-tree.ts';
import { cipherFile, keepManifest, makeBackupsDir } from './key-backup-store.ts';
import type { BackupManifest, ResetPart } from './schema.ts';

/** A folder's listing, and the name that it has in the archive: its path below the deployment. */
export type BackedFolder = { tree: Tree; name: string };
/** What went into the archive: name → kind, and of a file its size and SHA-256. In memory only, never written. */
type Packed = Map<string, string>;

type Making = { part: ResetPart; dir: string; listing: string; folders: BackedFolder[]; passphrase: string; publicKey?: string; signal: AbortSignal; progress: (bytes: number) => void };
export type Made = { id: string; packed: Packed; sha256: string; bytes: number };

const failed = (error: unknown, signal: AbortSignal): Error => {
  if (signal.aborted) return signal.reason as Error;
  if (error instanceof PanelError) return error;
  return new PanelError('backup_failed', { why: (error as NodeJS.ErrnoException).code ?? 'error' }, { status: 500, cause: error });
};

/**
 * Writes a tar of the listed folders, encrypted with age to a passphrase before the first byte reaches the disk (0600,
 * `backups/ID.tar.age`). Plain text exists in memory only. Throws backup_failed, folder_changed, folder_unreadable.
 */
export async function makeBackup({ folders, passphrase, signal, progress }: Making): Promise<Made> {
  const id = randomUUID();
  const part = `${cipherFile(id)}.part`;
  const packed: Packed = new Map();
  const hash = createHash('sha256');
  let bytes = 0;
  const pack = tar.pack();
  try {
    await makeBackupsDir();
    const filled = fill(pack, folders, packed, signal, progress);
    filled.catch((error: Error) => pack.destroy(error));
    const age = new Encrypter();
    age.setPassphrase(passphrase);
    const cipher = await age.encrypt(asWeb(pack));
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(cipher as never), counted, createWriteStream(/*turbopackIgnore: true*/ part, { flags: 'wx', mode: 0o600 }), { signal });
    await filled;
    await sync(part);
    await chmod(/*turbopackIgnore: true*/ part, 0o600);
    await rename(/*turbopackIgnore: true*/ part, cipherFile(id));
    return { id, packed, sha256: hash.digest('hex'), bytes };
  } catch (error) {
    pack.destroy();
    await rm(/*turbopackIgnore: true*/ part, { force: true });
    throw failed(error, signal);
  }
}

/** age takes plain Uint8Arrays from a web stream; `Readable.toWeb` never begins with a stream of tar-stream's kind. */
function asWeb(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  async function* chunks() {
    for await (const chunk of source) yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  return WebStream.from(chunks()) as ReadableStream<Uint8Array>;
}

async function sync(file: string): Promise<void> {
  const handle = await open(/*turbopackIgnore: true*/ file, 'r');
  await handle.sync();
  await handle.close();
}

async function fill(pack: tar.Pack, folders: BackedFolder[], packed: Packed, signal: AbortSignal, progress: (bytes: number) => void): Promise<void> {
  let done = 0;
  for (const { tree, name } of folders) {
    // A directory is listed after what is in it; an archive wants it before.
    for (const entry of [...tree.entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      signal.throwIfAborted();
      const full = path.posix.join(name, entry.path);
      if (entry.type === 'dir') await put(pack, { name: `${full}/`, type: 'directory', mode: 0o700 });
      else if (entry.type === 'link') await put(pack, { name: full, type: 'symlink', linkname: await linkListed(tree.dir, entry) });
      else if (entry.type === 'file') packed.set(full, await putFile(pack, tree.dir, entry, full));
      if (entry.type === 'dir' || entry.type === 'link') packed.set(full, entry.type);
      done += entry.bytes;
      progress(done);
    }
  }
  pack.finalize();
}

const put = (pack: tar.Pack, header: tar.Headers): Promise<void> => new Promise((resolve, reject) => pack.entry(header, (error) => (error ? reject(error) : resolve())));

/** The file as it was listed, whole: `SIZE SHA-256`. */
async function putFile(pack: tar.Pack, dir: string, entry: TreeEntry, name: string): Promise<string> {
  const handle = await openListed(dir, entry);
  const hash = createHash('sha256');
  try {
    const { mode } = await handle.stat();
    const target = pack.entry({ name, size: entry.bytes, mode: mode & 0o777 });
    let read = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        read += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(handle.createReadStream({ autoClose: false, start: 0 }), counted, target as unknown as NodeJS.WritableStream);
    if (read !== entry.bytes) throw new PanelError('folder_changed', { path: entry.path }, { status: 409 });
  } finally {
    await handle.close();
  }
  return `${entry.bytes} ${hash.digest('hex')}`;
}

/**
 * Decrypts the file on disk again, in memory, and compares every name, size and SHA-256 with what was packed. Only then the
 * backup gets its manifest. Throws backup_unreadable with what differs; the file is removed then.
 */
export async function readBack(made: Made, { part, dir, listing, passphrase, publicKey, signal, progress, folders }: Making): Promise<BackupManifest> {
  const differs = (what: string) => new PanelError('backup_unreadable', { what }, { status: 500 });
  const cipher = createHash('sha256');
  let bytes = 0;
  try {
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        cipher.update(chunk);
        bytes += chunk.length;
        progress(bytes);
        done(null, chunk);
      },
    });
    const source = createReadStream(/*turbopackIgnore: true*/ cipherFile(made.id));
    source.on('error', (error) => counted.destroy(error));
    const age = new Decrypter();
    age.addPassphrase(passphrase);
    const plain = await age.decrypt(asWeb(source.pipe(counted)));
    const found: Packed = new Map();
    const extract = tar.extract();
    extract.on('entry', (header, stream, next) => {
      const hash = createHash('sha256');
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
      });
      stream.on('error', next);
      stream.on('end', () => {
        const name = header.name.replace(/\/$/, '');
        found.set(name, header.type === 'directory' ? 'dir' : header.type === 'symlink' ? 'link' : `${size} ${hash.digest('hex')}`);
        next();
      });
    });
    await pipeline(Readable.fromWeb(plain as never), extract, { signal });
    if (found.size !== made.packed.size) throw differs(`${found.size} / ${made.packed.size}`);
    for (const [name, what] of made.packed) if (found.get(name) !== what) throw differs(name);
    if (bytes !== made.bytes || cipher.digest('hex') !== made.sha256) throw differs(`${made.id}.tar.age`);
    const files = folders.flatMap(({ tree, name }) => tree.entries.flatMap((entry) => (entry.type === 'file' ? [{ path: path.posix.join(name, entry.path), bytes: entry.bytes }] : [])));
    const manifest: BackupManifest = { id: made.id, at: clock.now(), part, dir, listing, files, cipher: { bytes: made.bytes, sha256: made.sha256 }, ...(publicKey ? { publicKey } : {}), readBackAt: clock.now() };
    await keepManifest(manifest);
    return manifest;
  } catch (error) {
    if (!signal.aborted) await rm(/*turbopackIgnore: true*/ cipherFile(made.id), { force: true });
    throw error instanceof PanelError || signal.aborted ? failed(error, signal) : differs((error as Error).name);
  }
}
