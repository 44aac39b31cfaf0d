import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { PanelError } from '#lib/core/errors.ts';
import { BASE_FILES } from './compose-files.ts';
import { type ComposeYaml, readComposeYaml } from './compose-yaml.ts';
import { isGonka, releaseOf, serviceRole } from './services.ts';

const LONGEST = 1024;

/**
 * A directory typed by a person or taken from a label: absolute, there, readable, with a Gonka compose file.
 * Returns its real path. Throws deploy_dir_* with what is wrong.
 */
export async function checkDeployDir(given: string): Promise<{ dir: string; release?: string }> {
  if (given.includes('\0')) throw new PanelError('deploy_dir_invalid', {});
  if (given.length > LONGEST) throw new PanelError('deploy_dir_too_long', { limit: LONGEST });
  const typed = given.trim();
  if (!path.isAbsolute(typed)) throw new PanelError('deploy_dir_relative', { dir: typed });
  const refuse = (code: string | undefined): never => {
    if (code === 'ENOENT') throw new PanelError('deploy_dir_not_found', { dir: typed }, { status: 404 });
    if (code === 'ENOTDIR') throw new PanelError('deploy_dir_not_directory', { dir: typed });
    if (code === 'EACCES' || code === 'EPERM') throw new PanelError('deploy_dir_permission', { dir: typed }, { status: 403 });
    throw new PanelError('deploy_dir_unreadable', { dir: typed, reason: code ?? 'error' });
  };
  const dir = await realpath(/*turbopackIgnore: true*/ typed).catch((error: NodeJS.ErrnoException) => refuse(error.code));
  const info = await stat(/*turbopackIgnore: true*/ dir).catch((error: NodeJS.ErrnoException) => refuse(error.code));
  if (!info.isDirectory()) throw new PanelError('deploy_dir_not_directory', { dir: typed });
  await access(/*turbopackIgnore: true*/ dir, constants.R_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => refuse(error.code));
  const yaml = await baseFile(dir).catch((error: NodeJS.ErrnoException) => refuse(error.code));
  if (!yaml) throw new PanelError('deploy_dir_no_compose', { dir: typed });
  if (!isGonka(yaml)) throw new PanelError('deploy_dir_not_gonka', { dir: typed });
  return { dir, release: releaseOf(rolesOf(yaml)) };
}

async function baseFile(dir: string): Promise<ComposeYaml | undefined> {
  for (const name of BASE_FILES) {
    try {
      return await readComposeYaml(path.join(/*turbopackIgnore: true*/ dir, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

/** Services of a file as written: enough for a list when compose itself can't be asked. */
export const rolesOf = (yaml: ComposeYaml) =>
  Object.entries(yaml.services).map(([name, definition]) => {
    const image = typeof definition.image === 'string' ? definition.image : '';
    return { name, image, role: serviceRole(name, image) };
  });
