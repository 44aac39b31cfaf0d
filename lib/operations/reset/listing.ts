import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { panelEnv } from '#lib/core/env.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { digestOf, listTree, type Tree } from '#lib/host/folder-tree.ts';
import { writePrivately } from './key-backup-store.ts';
import { type ResetPlace, resetPlaces } from './places.ts';
import type { GoingEntry, GoingFolder, ResetPart } from './schema.ts';

/** What goes, name by name. `listing`: its digest, by which a person says "this and nothing else". */
export type Going = { places: ResetPlace[]; trees: Tree[]; listing: string };

/** Everything that a reset of this part would delete, as it is now. Throws reset_*, folder_*. */
export async function whatGoes(of: Deployment, part: ResetPart, signal?: AbortSignal): Promise<Going> {
  const places = await resetPlaces(of, part);
  const trees: Tree[] = [];
  for (const place of places) trees.push(await listTree(place.dir, place.choice, signal));
  return { places, trees, listing: digestOf(trees) };
}

const MOST_BYTES = 512 * 1024 * 1024;
const kept = z.array(z.object({ dir: z.string(), entries: z.array(z.object({ path: z.string(), type: z.enum(['file', 'dir', 'link', 'other']), bytes: z.number(), stamp: z.string() })) }));
const listingsDir = () => path.join(/*turbopackIgnore: true*/ panelEnv().dataDir, 'resets');
const listingFile = (listing: string) => path.join(/*turbopackIgnore: true*/ listingsDir(), `${listing}.json`);

/** Kept before the first name is deleted: after a kill the folder alone doesn't say what was agreed on. */
export async function keepListing({ trees, listing }: Going): Promise<void> {
  await mkdir(/*turbopackIgnore: true*/ listingsDir(), { mode: 0o700, recursive: true });
  await writePrivately(listingFile(listing), JSON.stringify(trees));
}

/** The listing that was kept under this digest, if it still is that one. */
export async function keptListing(listing: string): Promise<Tree[] | undefined> {
  try {
    if ((await stat(/*turbopackIgnore: true*/ listingFile(listing))).size > MOST_BYTES) return undefined;
    const trees = kept.parse(JSON.parse(await readFile(/*turbopackIgnore: true*/ listingFile(listing), 'utf8')));
    return digestOf(trees) === listing ? trees : undefined;
  } catch {
    return undefined;
  }
}

/** The files of kept listings, and of one whose writing was cut off. */
export const listingNames = (): Promise<string[]> => readdir(/*turbopackIgnore: true*/ listingsDir()).catch(() => []);

/** Forgets those of these files that are no listing with one of these digests. */
export async function keepOnly(listings: ReadonlySet<string>, among: readonly string[]): Promise<void> {
  for (const name of among) if (!name.endsWith('.json') || !listings.has(name.slice(0, -5))) await rm(path.join(/*turbopackIgnore: true*/ listingsDir(), name), { force: true });
}

/** Names shown of one folder. */
const SHOWN = 40;

/** What goes of a folder by the names at its top, each with all that is in it, the largest first. */
export function atTheTop({ dir, entries }: Tree, through: (path: string) => boolean): GoingFolder {
  const tops = new Map<string, GoingEntry>();
  for (const { path: place, type, bytes } of entries) {
    const parts = place.split('/');
    const name = parts.slice(0, through(parts[0] as string) ? 2 : 1).join('/');
    const top = tops.get(name) ?? { path: name, type: 'dir', bytes: 0, files: 0 };
    if (place === name) top.type = type;
    top.bytes += bytes;
    if (type !== 'dir') top.files += 1;
    tops.set(name, top);
  }
  const all = [...tops.values()].sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  return { dir, entries: all.slice(0, SHOWN), more: Math.max(0, all.length - SHOWN) };
}

export const bytesOf = (trees: readonly Tree[]): number => trees.reduce((sum, { entries }) => sum + entries.reduce((inner, one) => inner + one.bytes, 0), 0);
export const filesOf = (trees: readonly Tree[]): number => trees.reduce((sum, { entries }) => sum + entries.filter((one) => one.type !== 'dir').length, 0);
