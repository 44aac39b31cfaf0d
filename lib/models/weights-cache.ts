import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { singleton } from '#lib/core/singleton.ts';
import type { HubFile, HubListing } from './hub-files.ts';
import { MODEL_ID, type ModelRef, REVISION } from './model-ref.ts';
import { safetensorsSize } from './safetensors-size.ts';

/**
 * What the cache of Hugging Face's programs has of a model, `bytes` with the unfinished. `complete`: every file of the
 * weights is as long as its own header says. `unproven`: there, in a form that doesn't tell. `unseen`: the panel can't look.
 */
export type WeightsState =
  | { state: 'complete'; bytes: number; commit: string; files: number }
  | { state: 'partial'; bytes: number; missing: string[]; /** All that the weights name is whole, and an unfinished file lies beside it that may be a leftover: only the hub's list would tell. */ beside?: true }
  | { state: 'unproven'; bytes: number; commit: string }
  | { state: 'absent'; bytes: 0 }
  | { state: 'unseen'; why: string };

const COMMIT = /^[0-9a-f]{40}$/;
const INDEX = 'model.safetensors.index.json';

const repositoryDir = (cache: string, model: string) => path.join(/*turbopackIgnore: true*/ cache, `models--${model.replaceAll('/', '--')}`);

/** `cache`: the directory of this machine with `models--…` in it. `listing`: the repository's files as the hub has them; where it is of the commit that is here, each is looked for. Never throws. */
export async function weightsState(cache: string, ref: ModelRef, listing?: HubListing): Promise<WeightsState> {
  const { model, revision = 'main' } = ref;
  if (!MODEL_ID.test(model) || !REVISION.test(revision)) return { state: 'unseen', why: 'EINVAL' };
  const dir = repositoryDir(cache, model);
  try {
    if (!(await stat(/*turbopackIgnore: true*/ dir).then(() => true, absent))) return { state: 'absent', bytes: 0 };
    const blobs = await blobsIn(dir);
    const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
    const whole = new Set(blobs.filter(({ unfinished }) => !unfinished).map(({ etag }) => etag));
    const commit = await commitIn(dir, revision);
    if (!commit) return bytes === 0 ? { state: 'absent', bytes: 0 } : { state: 'partial', bytes, missing: [] };
    // The list of another commit says nothing of this one's files.
    const wanted = listing?.commit === commit ? listing.files : undefined;
    const needed = await neededFiles(path.join(/*turbopackIgnore: true*/ dir, 'snapshots', commit), wanted);
    if ('missing' in needed) return { state: 'partial', bytes, missing: needed.missing };
    // What a later attempt has finished under its own name is a leftover; with every listed file here, whatever is unfinished is one.
    const unfinished = blobs.filter((one) => one.unfinished && !whole.has(one.etag));
    if (!wanted && unfinished.length > 0) return { state: 'partial', bytes, missing: [], ...(needed.proven ? { beside: true } : {}) };
    return needed.proven ? { state: 'complete', bytes, commit, files: needed.count } : { state: 'unproven', bytes, commit };
  } catch (error) {
    return { state: 'unseen', why: (error as NodeJS.ErrnoException).code ?? 'error' };
  }
}

const commitIn = async (dir: string, revision: string): Promise<string | undefined> => (COMMIT.test(revision) ? revision : (await textOf(path.join(/*turbopackIgnore: true*/ dir, 'refs', revision)))?.trim() || undefined);

/** The commit that a revision is at in the cache; undefined when there is none, or it can't be read. Never throws. */
export async function commitHere(cache: string, { model, revision = 'main' }: ModelRef): Promise<string | undefined> {
  if (!MODEL_ID.test(model) || !REVISION.test(revision)) return undefined;
  return commitIn(repositoryDir(cache, model), revision).catch(() => undefined);
}

type Blob = { etag: string; size: number; unfinished: boolean };

/** `blobs/<etag>`, while it is coming `blobs/<etag>[.<random>].incomplete`. */
async function blobsIn(dir: string): Promise<Blob[]> {
  const at = path.join(/*turbopackIgnore: true*/ dir, 'blobs');
  const names = (await readdir(/*turbopackIgnore: true*/ at).catch(absent)) ?? [];
  const found = await Promise.all(names.map(async (name): Promise<Blob[]> => {
    const info = await stat(/*turbopackIgnore: true*/ path.join(/*turbopackIgnore: true*/ at, name)).catch(() => undefined);
    return info?.isFile() ? [{ etag: name.split('.')[0] ?? name, size: info.size, unfinished: name.endsWith('.incomplete') }] : [];
  }));
  return found.flat();
}

/** What isn't there is an answer; what can't be read is none. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const textOf = (file: string): Promise<string | undefined> => readFile(/*turbopackIgnore: true*/ file, 'utf8').catch(absent);

/** Looks for each file that the model can't be loaded without. `proven`: the weights say themselves how long they are, or the hub did. */
async function neededFiles(snapshot: string, listing: readonly HubFile[] | undefined): Promise<{ missing: string[] } | { count: number; proven: boolean }> {
  const at = (name: string) => path.join(/*turbopackIgnore: true*/ snapshot, ...name.split('/'));
  const index = await textOf(at(INDEX));
  const weights = index === undefined ? (await sizeOf(at('model.safetensors'))) === undefined ? [] : ['model.safetensors'] : shardsOf(index);
  const missing: string[] = [];
  for (const name of weights) if (!(await isWhole(at(name)))) missing.push(name);
  for (const { name, size } of listing ?? []) if (!missing.includes(name) && (await sizeOf(at(name))) !== size) missing.push(name);
  if (!listing && (await sizeOf(at('config.json'))) === undefined) missing.push('config.json');
  if (missing.length > 0) return { missing };
  return { count: listing?.length ?? weights.length + 1, proven: weights.length > 0 || listing !== undefined };
}

function shardsOf(index: string): string[] {
  try {
    const map = (JSON.parse(index) as { weight_map?: Record<string, unknown> }).weight_map ?? {};
    const names = [...new Set(Object.values(map))];
    return names.every((name) => typeof name === 'string' && !name.includes('..')) && names.length > 0 ? (names as string[]) : [INDEX];
  } catch {
    return [INDEX]; // cut off: then it is the one that isn't whole
  }
}

const sizeOf = (file: string): Promise<number | undefined> => stat(/*turbopackIgnore: true*/ file).then((info) => (info.isFile() ? info.size : undefined), absent);

/** A header is read once for each state of its file: sixty shards are looked at every few seconds. */
async function isWhole(file: string): Promise<boolean> {
  const info = await stat(/*turbopackIgnore: true*/ file).catch(absent);
  if (!info) return false;
  const known = singleton('models.safetensors', () => new Map<string, boolean>());
  const key = [await realpath(/*turbopackIgnore: true*/ file), info.size, info.mtimeMs].join(' ');
  const before = known.get(key);
  if (before !== undefined) return before;
  const whole = (await safetensorsSize(file)) === info.size;
  if (known.size > 5000) known.clear();
  known.set(key, whole);
  return whole;
}

/** How much of each file is here, by the hub's list; without one only the sum. Bytes. */
export async function weightsOnDisk(cache: string, model: string, listing?: readonly HubFile[]): Promise<{ done: number; files: { name: string; size: number; done: number }[] }> {
  const blobs = await blobsIn(repositoryDir(cache, model)).catch((): Blob[] => []);
  if (!listing) return { done: blobs.reduce((sum, { size }) => sum + size, 0), files: [] };
  const files = listing.map(({ name, size, etag }) => {
    const own = blobs.filter((one) => one.etag === etag);
    const done = own.some(({ unfinished }) => !unfinished) ? size : Math.min(size, Math.max(0, ...own.map((one) => one.size)));
    return { name, size, done };
  });
  return { done: files.reduce((sum, one) => sum + one.done, 0), files };
}
