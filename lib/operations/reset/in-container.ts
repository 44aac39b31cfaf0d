import { runOneShot } from '#lib/docker/client.ts';
import type { Tree, TreeEntry } from '#lib/host/folder-tree.ts';

const TIMEOUT_MS = 60 * 60_000;
const INSIDE = '/reset';

/**
 * Deletes what a listing names where this process may not: as the container's root, in a one-off container of an image that
 * is here, without network, that sees this one folder only (a link in it leads nowhere). No shell: names go by stdin,
 * each for itself, and a directory that isn't empty stays.
 */
export async function removeInContainer(image: string, { dir, entries }: Tree, signal: AbortSignal): Promise<void> {
  const files = entries.filter((one) => one.type !== 'dir');
  const folders = entries.filter((one) => one.type === 'dir');
  const run = (argv: string[], of: TreeEntry[]) =>
    of.length === 0 ? undefined : runOneShot({ image, argv: ['xargs', '-0', ...argv, '--'], binds: [`${dir}:${INSIDE}`], workingDir: INSIDE, user: '0', stdin: of.map((one) => `./${one.path}\0`).join(''), timeoutMs: TIMEOUT_MS, signal });
  await run(['rm', '-f'], files);
  // Listed after what is in them.
  await run(['rmdir'], folders);
}
