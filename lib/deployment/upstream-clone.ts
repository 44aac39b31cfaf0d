import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { pathFacts } from '#lib/host/paths.ts';
import { JOIN } from './clone-place.ts';
import { BASE_FILES } from './compose-files.ts';
import { readComposeYaml } from './compose-yaml.ts';
import { checkDeployDir } from './deploy-dir.ts';

/** The clone as it is run and shown: one release, without its history (quickstart, "download the deployment files"). */
export const cloneCommand = (repository: string, ref: string, target: string): string[] => ['git', 'clone', '--depth', '1', '--branch', ref, '--progress', '--', repository, target];

/**
 * Whether a directory is upstream's repository, whole as far as the deployment needs it: deploy/join with Gonka's compose
 * file, and the files beside it that the compose file mounts (genesis, on releases that mount it; facts 1.1). Throws
 * clone_not_gonka {reason}.
 */
export async function checkClone(root: string): Promise<{ dir: string; release?: string }> {
  const wanted = path.join(/*turbopackIgnore: true*/ root, JOIN);
  const notGonka = (reason: string) => new PanelError('clone_not_gonka', { reason }, { status: 502 });
  const checked = await checkDeployDir(wanted).catch((error) => {
    throw isPanelError(error) ? notGonka(error.code) : error;
  });
  // A link in the repository must not lead out of it.
  if (checked.dir !== (await realpath(/*turbopackIgnore: true*/ wanted)) || checked.dir !== path.join(/*turbopackIgnore: true*/ await realpath(/*turbopackIgnore: true*/ root), JOIN)) throw notGonka('link');
  for (const source of await mountedFromAbove(checked.dir)) {
    const facts = await pathFacts(source, false);
    if ('unknown' in facts || !facts.exists) throw notGonka(path.relative(root, source));
  }
  return checked;
}

/** Paths above the directory that its compose file mounts, such as `../../genesis/genesis.json`. */
async function mountedFromAbove(dir: string): Promise<string[]> {
  for (const name of BASE_FILES) {
    const yaml = await readComposeYaml(path.join(/*turbopackIgnore: true*/ dir, name)).catch(() => undefined);
    if (!yaml) continue;
    const sources = Object.values(yaml.services).flatMap(({ volumes }) => (Array.isArray(volumes) ? volumes : [])).map((one) => (typeof one === 'string' ? (one.split(':')[0] as string) : typeof one?.source === 'string' ? one.source : ''));
    return sources.filter((source) => source.startsWith('../')).map((source) => path.resolve(/*turbopackIgnore: true*/ dir, source));
  }
  return [];
}
