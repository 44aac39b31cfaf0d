import { open } from 'node:fs/promises';
import Database from 'better-sqlite3';

/** The api's database holds settings, nodes and a few epochs' shares; it is read into memory whole. */
const MOST = 64 * 1024 * 1024;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

export type ImageProblem = 'absent' | 'too-large' | 'changing' | 'unreadable' | 'not-a-database';

/**
 * A SQLite database that another program is using, as it was committed last, in memory: the file's pages with the
 * complete transactions of its write-ahead log laid over them. Opening the file itself would make or write `-shm` and
 * take locks; here files are only read, and nothing reaches the disk. Read anew when it changed meanwhile.
 * The caller closes it.
 */
export async function sqliteImage(file: string): Promise<{ db: Database.Database } | { problem: ImageProblem; reason?: string }> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const read = await consistent(file);
      if (read === undefined) continue;
      if (read === 'too-large') return { problem: 'too-large' };
      return opened(read);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR' ? { problem: 'absent' } : { problem: 'unreadable', reason: code ?? 'error' };
    }
  }
  return { problem: 'changing' };
}

type Files = { pages: Buffer; wal: Buffer };

/** Both files, when neither changed while they were read. */
async function consistent(file: string): Promise<Files | 'too-large' | undefined> {
  const pages = await open(/*turbopackIgnore: true*/ file, 'r');
  const wal = await open(/*turbopackIgnore: true*/ `${file}-wal`, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  try {
    const sign = async () => JSON.stringify(await Promise.all([pages, wal].map(async (one) => {
      const info = await one?.stat({ bigint: true });
      return info ? [info.ino, info.size, info.mtimeNs].map(String) : [];
    })));
    const before = await sign();
    const [info, walInfo] = [await pages.stat(), await wal?.stat()];
    if (!info.isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    if (info.size > MOST || (walInfo?.size ?? 0) > MOST) return 'too-large';
    const read = { pages: await pages.readFile(), wal: wal ? await wal.readFile() : Buffer.alloc(0) };
    return (await sign()) === before ? read : undefined;
  } finally {
    await pages.close();
    await wal?.close();
  }
}

function opened({ pages, wal }: Files): { db: Database.Database } | { problem: ImageProblem } {
  const image = committed(pages, wal);
  if (image.length < 100 || image.toString('latin1', 0, 15) !== 'SQLite format 3') return image.length === 0 ? { problem: 'absent' } : { problem: 'not-a-database' };
  // Bytes 18 and 19: 2 means "in WAL mode", which a database in memory can't be.
  image[18] = 1;
  image[19] = 1;
  try {
    return { db: new Database(image, { readonly: true }) };
  } catch {
    return { problem: 'not-a-database' };
  }
}

/** The pages with every committed frame of the log over them (sqlite.org/fileformat2.html#walformat). */
function committed(pages: Buffer, wal: Buffer): Buffer {
  if (wal.length < WAL_HEADER + FRAME_HEADER) return pages;
  const magic = wal.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return pages;
  const little = magic === 0x377f0682;
  const size = wal.readUInt32BE(8);
  if (size < 512 || size > 65_536) return pages;
  let sum = checksum(wal.subarray(0, 24), [0, 0], little);
  if (sum[0] !== wal.readUInt32BE(24) || sum[1] !== wal.readUInt32BE(28)) return pages;
  const pending = new Map<number, Buffer>();
  const done = new Map<number, Buffer>();
  let count = pages.length / size;
  for (let at = WAL_HEADER; at + FRAME_HEADER + size <= wal.length; at += FRAME_HEADER + size) {
    const body = wal.subarray(at + FRAME_HEADER, at + FRAME_HEADER + size);
    // Frames of an older round of the log have other salts or sums: here the log ends.
    if (wal.compare(wal, 16, 24, at + 8, at + 16) !== 0) break;
    sum = checksum(body, checksum(wal.subarray(at, at + 8), sum, little), little);
    if (sum[0] !== wal.readUInt32BE(at + 16) || sum[1] !== wal.readUInt32BE(at + 20)) break;
    pending.set(wal.readUInt32BE(at), body);
    const total = wal.readUInt32BE(at + 4);
    if (total === 0) continue;
    count = total;
    for (const [page, bytes] of pending) done.set(page, bytes);
    pending.clear();
  }
  if (done.size === 0) return pages;
  if (count * size > MOST) return pages;
  const image = Buffer.alloc(count * size);
  pages.copy(image, 0, 0, Math.min(pages.length, image.length));
  for (const [page, bytes] of done) if (page >= 1 && page <= count) bytes.copy(image, (page - 1) * size);
  return image;
}

function checksum(bytes: Buffer, [a, b]: [number, number], little: boolean): [number, number] {
  let [s0, s1] = [a, b];
  for (let i = 0; i + 8 <= bytes.length; i += 8) {
    s0 = (s0 + (little ? bytes.readUInt32LE(i) : bytes.readUInt32BE(i)) + s1) >>> 0;
    s1 = (s1 + (little ? bytes.readUInt32LE(i + 4) : bytes.readUInt32BE(i + 4)) + s0) >>> 0;
  }
  return [s0, s1];
}
