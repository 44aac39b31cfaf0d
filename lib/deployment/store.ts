import { randomUUID } from 'node:crypto';
import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';
import type { EditableFile, FileVersion } from './config-schema.ts';

const KEY = 'deployment.dir';

/** The directory chosen in the panel (real path), if any. */
export async function chosenDir(): Promise<string | undefined> {
  const row = await db().setting.findUnique({ where: { key: KEY } });
  if (!row) return undefined;
  try {
    const value: unknown = JSON.parse(row.value);
    return typeof value === 'string' && value ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function saveChosenDir(dir: string): Promise<void> {
  const value = JSON.stringify(dir);
  await db().setting.upsert({ where: { key: KEY }, create: { key: KEY, value }, update: { value } });
}

/** Kept of one file; older ones go. */
export const VERSIONS_KEPT = 500;

/** One kept version of a file. `text`: secrets are tokens, and redacted besides; `changed`: names only. */
export type VersionRow = {
  id: string;
  /** ISO 8601 */
  at: string;
  dir: string;
  file: EditableFile;
  version: FileVersion;
  by: string;
  ip?: string;
  how: 'saved' | 'restored' | 'found';
  changed: string[];
  text: string;
  mode?: number;
  operationId?: string;
};

const row = (one: NonNullable<Awaited<ReturnType<ReturnType<typeof db>['configVersion']['findUnique']>>>): VersionRow => ({
  id: one.id,
  at: one.at.toISOString(),
  dir: one.dir,
  file: one.file as EditableFile,
  version: one.version,
  by: one.by,
  ...(one.ip === null ? {} : { ip: one.ip }),
  how: one.how as VersionRow['how'],
  changed: JSON.parse(one.changed) as string[],
  text: one.text,
  ...(one.mode === null ? {} : { mode: one.mode }),
  ...(one.operationId === null ? {} : { operationId: one.operationId }),
});

/** Newest first. */
export async function configVersions(dir: string, file: EditableFile): Promise<VersionRow[]> {
  return (await db().configVersion.findMany({ where: { dir, file }, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: VERSIONS_KEPT })).map(row);
}

export async function configVersion(id: string): Promise<VersionRow | undefined> {
  const found = await db().configVersion.findUnique({ where: { id } });
  return found ? row(found) : undefined;
}

export async function newestConfigVersion(dir: string, file: EditableFile): Promise<VersionRow | undefined> {
  const found = await db().configVersion.findFirst({ where: { dir, file }, orderBy: [{ at: 'desc' }, { id: 'desc' }] });
  return found ? row(found) : undefined;
}

/** Adds a version and lets the oldest beyond VERSIONS_KEPT go. The text must be masked already. */
export async function addConfigVersion({ changed, ...one }: Omit<VersionRow, 'id' | 'at'>, kept = VERSIONS_KEPT): Promise<string> {
  const newest = await newestConfigVersion(one.dir, one.file);
  // Two rows of one millisecond would have no order.
  const at = new Date(Math.max(clock.now(), newest ? Date.parse(newest.at) + 1 : 0));
  const id = randomUUID();
  await db().configVersion.create({ data: { ...one, id, at, changed: JSON.stringify(changed) } });
  const old = await db().configVersion.findMany({ where: { dir: one.dir, file: one.file }, orderBy: [{ at: 'desc' }, { id: 'desc' }], skip: kept, select: { id: true } });
  if (old.length > 0) await db().configVersion.deleteMany({ where: { id: { in: old.map((gone) => gone.id) } } });
  return id;
}
