import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { pathFacts } from '#lib/host/paths.ts';
import { hostPlaces, type Visible } from './host-places.ts';

/** A folder that a person would put something large into; room is that of its file system. */
export type RoomyPlace = { root: string; freeBytes: number };

/** The folders where hosts keep their things: homes first, then what is usual for a large disk. */
export async function usualRoots(): Promise<string[]> {
  const { HOME } = panelEnv().child;
  const roots = [HOME, '/root', '/opt', '/srv', '/mnt', '/data', '/var/lib', ...(await children('/home')), ...(await children('/srv')), ...(await children('/mnt'))];
  return [...new Set(roots.filter((one): one is string => !!one))];
}

/** Of those the writable ones, one of each file system, the roomiest first. Inside a container only what the host brought along. */
export async function roomyPlaces(visible: Visible = hostPlaces()): Promise<RoomyPlace[]> {
  const known = new Set<number>();
  const found: RoomyPlace[] = [];
  for (const root of await usualRoots()) {
    const facts = await pathFacts(root, false);
    if ('unknown' in facts || !facts.directory || !facts.writable || !(await visible(root))) continue;
    const device = await stat(/*turbopackIgnore: true*/ root).then((info) => info.dev, () => undefined);
    if (device === undefined || known.has(device)) continue;
    known.add(device);
    found.push({ root, freeBytes: facts.freeBytes });
  }
  return found.sort((a, b) => b.freeBytes - a.freeBytes);
}

async function children(dir: string): Promise<string[]> {
  const entries = await readdir(/*turbopackIgnore: true*/ dir, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).slice(0, 50).map((entry) => path.join(/*turbopackIgnore: true*/ dir, entry.name));
}
