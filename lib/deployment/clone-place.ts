import { lstat, mkdir, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { pathFacts } from '#lib/host/paths.ts';
import { hostPlaces, type Visible } from './host-places.ts';
import { roomyPlaces } from './roomy-places.ts';

/** Upstream's whole tree was 33 MB at 0.2.0 (1573 files); git holds it a second time, the rest is growth and config files. */
export const CLONE_BYTES = 500 * 1024 * 1024;

/** Where the deployment is inside the repository. */
export const JOIN = 'deploy/join';

/** What a clone is made in, beside the place it is for: on the same file system, so that the last act is one rename. */
export const stagingOf = (place: string): string => path.join(/*turbopackIgnore: true*/ path.dirname(place), `.${path.basename(place)}.gonka-panel`);
export const stagedClone = (place: string): string => path.join(/*turbopackIgnore: true*/ stagingOf(place), 'clone');
/** Says that the directory is the panel's own, to be removed by it. */
const MARK = 'made-by-gonka-panel';

/** The one place where GONKA_DEPLOY_DIR lets a clone be; undefined where it isn't set. Throws deploy_dir_fixed where no clone could be there. */
export function fixedPlace(): string | undefined {
  const fixed = panelEnv().deployDir;
  if (!fixed) return undefined;
  const dir = path.resolve(/*turbopackIgnore: true*/ fixed);
  if (!dir.endsWith(path.sep + JOIN)) throw new PanelError('deploy_dir_fixed', { dir: fixed }, { status: 409 });
  return dir.slice(0, -JOIN.length - 1);
}

/**
 * A place that a clone can be made at: absolute, nothing or an empty directory there, its parent there and writable,
 * room enough. `place`: with the parent's real path. Throws clone_place_*, deploy_dir_fixed.
 */
export async function checkPlace(given: string, visible: Visible = hostPlaces()): Promise<{ place: string; freeBytes: number }> {
  const typed = given.trim();
  if (!path.isAbsolute(typed) || /[\0\r\n]/.test(typed) || path.resolve(/*turbopackIgnore: true*/ typed) === path.parse(typed).root) throw new PanelError('clone_place_invalid', { place: typed });
  const asked = path.resolve(/*turbopackIgnore: true*/ typed);
  const fixed = fixedPlace();
  if (fixed && asked !== fixed) throw new PanelError('deploy_dir_fixed', { dir: panelEnv().deployDir as string }, { status: 409 });
  const parent = path.dirname(asked);
  if (!(await isHostPath(parent, visible))) throw new PanelError('clone_place_hidden', { place: asked }, { status: 409 });
  const [above, there] = await Promise.all([pathFacts(parent, false), pathFacts(asked, false)]);
  for (const one of [above, there]) {
    if ('unknown' in one) throw new PanelError('clone_place_unreadable', { place: asked, reason: one.unknown }, { status: 403 });
  }
  if ('unknown' in above || !above.exists || !above.directory) throw new PanelError('clone_place_no_parent', { place: asked, parent }, { status: 409 });
  if (!above.writable) throw new PanelError('clone_place_read_only', { place: asked, parent }, { status: 403 });
  if ('unknown' in there || (there.exists && there.empty !== true)) throw new PanelError('clone_place_taken', { place: asked }, { status: 409 });
  if (above.freeBytes < CLONE_BYTES) throw new PanelError('clone_place_full', { place: asked, free: megabytes(above.freeBytes), needed: megabytes(CLONE_BYTES) }, { status: 507 });
  const real = await realpath(/*turbopackIgnore: true*/ parent);
  return { place: path.join(/*turbopackIgnore: true*/ real, path.basename(asked)), freeBytes: above.freeBytes };
}

/** Whether the path, or the nearest one above it that is there, is the host's own. */
async function isHostPath(asked: string, visible: Visible): Promise<boolean> {
  for (let at = asked; ; at = path.dirname(at)) {
    const facts = await pathFacts(at, false);
    if ('unknown' in facts || facts.exists || at === path.dirname(at)) return visible(at);
  }
}

export const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);

/** Names for a clone, the usual one first. */
const NAMES = ['gonka', 'gonka-2', 'gonka-3'];

/** Places to propose: `gonka` on each roomy file system, the roomiest first; another name where that one is taken. */
export async function proposedPlaces(): Promise<{ place: string; freeBytes: number }[]> {
  let fixed: string | undefined;
  try {
    fixed = fixedPlace();
  } catch {
    return [];
  }
  const wanted = fixed ? [[fixed]] : (await roomyPlaces()).map(({ root }) => NAMES.map((name) => path.join(/*turbopackIgnore: true*/ root, name)));
  const found = await Promise.all(wanted.map(firstFree));
  return found.filter((one) => one !== undefined);
}

/** Why no clone can be made where GONKA_DEPLOY_DIR wants it; undefined where it can, or where the variable isn't set. */
export async function fixedPlaceRefusal(): Promise<PanelError | undefined> {
  try {
    const place = fixedPlace();
    if (place) await checkPlace(place);
    return undefined;
  } catch (error) {
    if (isPanelError(error)) return error;
    throw error;
  }
}

async function firstFree(places: string[]): Promise<{ place: string; freeBytes: number } | undefined> {
  for (const place of places) {
    const checked = await checkPlace(place).catch(() => undefined);
    if (checked) return checked;
  }
  return undefined;
}

/** Makes the empty directory to clone into, after what an earlier try left there is gone. Throws clone_staging_foreign. */
export async function openStaging(place: string): Promise<string> {
  await clearStaging(place);
  const staging = stagingOf(place);
  await mkdir(/*turbopackIgnore: true*/ staging, { mode: 0o700 });
  await writeFile(path.join(/*turbopackIgnore: true*/ staging, MARK), '');
  return stagedClone(place);
}

/** Removes what was cloned and not finished: only a directory with the panel's own mark. Throws clone_staging_foreign. */
export async function clearStaging(place: string): Promise<void> {
  const staging = stagingOf(place);
  const info = await lstat(/*turbopackIgnore: true*/ staging).catch(() => undefined);
  if (!info) return;
  const names = info.isDirectory() ? await readdir(/*turbopackIgnore: true*/ staging) : undefined;
  // Between making the directory and marking it, it is empty.
  if (!names || (names.length > 0 && !names.includes(MARK))) throw new PanelError('clone_staging_foreign', { place: staging }, { status: 409 });
  await rm(/*turbopackIgnore: true*/ staging, { recursive: true, force: true });
}

/** Puts the finished clone at its place: one rename, which an empty directory there doesn't mind. Throws clone_place_taken. */
export async function putInPlace(place: string): Promise<void> {
  try {
    await rename(/*turbopackIgnore: true*/ stagedClone(place), place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') throw new PanelError('clone_place_taken', { place }, { status: 409, cause: error });
    throw new PanelError('clone_place_unreadable', { place, reason: code ?? 'error' }, { status: 403, cause: error });
  }
}
