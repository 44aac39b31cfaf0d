import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { PanelError } from '#lib/core/errors.ts';
import { type ConfigFile, readConfigFile, saveConfigFile } from './config-file.ts';
import type { FileVersion } from './config-schema.ts';

/**
 * The panel's own override files, one per file of upstream: one that names a service of the ML file would break the guide's
 * commands for the network node alone. Always the last ones that compose is given.
 */
export const PORT_FILES = { network: 'docker-compose.panel-ports.yml', ml: 'docker-compose.panel-ports.mlnode.yml' } as const;
export type PortFileName = (typeof PORT_FILES)[keyof typeof PORT_FILES];
export const PORT_FILE_NAMES: readonly PortFileName[] = Object.values(PORT_FILES);
export const isPortFile = (name: string): name is PortFileName => (PORT_FILE_NAMES as readonly string[]).includes(name);

const MARK = '# gonka-panel: internal ports';

/** The first lines of such a file: by the first one it is known as the panel's. */
export const PORT_FILE_HEAD = [
  MARK,
  '# Ports that nobody outside needs are bound to an address that the internet does not reach.',
  '# Commands typed by hand need this file too, as the last -f: without it the ports are open again.',
  '# It is written anew as a whole: changes made here are lost. Upstream\'s files stay as they are.',
].join('\n');

const isOwn = (text: string | undefined): boolean => text?.startsWith(`${MARK}\n`) ?? false;

/** Whether there is a file of this name that the panel wrote. Never throws. */
export const isOwnPortFile = (dir: string, name: PortFileName): Promise<boolean> => readFile(/*turbopackIgnore: true*/ path.join(dir, name), 'utf8').then(isOwn, () => false);

/** The file as it is. Throws ports_file_foreign where another's file has the name, and what readConfigFile throws. */
export async function readPortFile(dir: string, name: PortFileName): Promise<ConfigFile> {
  const file = await readConfigFile(dir, name);
  if (file.text !== undefined && !isOwn(file.text)) throw new PanelError('ports_file_foreign', { file: name, dir }, { status: 409 });
  return file;
}

/** Puts this text in the file's place, or takes the file away (`undefined`). False when it was so already. */
export async function putPortFile(dir: string, name: PortFileName, text: string | undefined, expected: FileVersion): Promise<boolean> {
  const file = await readPortFile(dir, name);
  if (file.text === text) return false;
  if (file.version !== expected) throw new PanelError('config_changed', { file: name }, { status: 409 });
  if (text !== undefined) return (await saveConfigFile(dir, name, { text, expected, secret: false })).changed;
  await rm(/*turbopackIgnore: true*/ path.join(dir, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new PanelError('config_read_only', { file: name, reason: error.code ?? 'error' }, { status: 403, cause: error });
  });
  return true;
}
