import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CONFIG_FILE_LIMIT, readConfigFile } from './config-file.ts';
import { parseEnvFile } from './env-file.ts';
import { placeholdersIn } from './variable-checks.ts';

/** Upstream's template of config.env in the deployment directory; empty where there is none that could be used. */
export async function configTemplate(dir: string): Promise<string> {
  const file = path.join(/*turbopackIgnore: true*/ dir, 'config.env.template');
  const info = await lstat(/*turbopackIgnore: true*/ file).catch(() => undefined);
  if (!info?.isFile() || info.size > CONFIG_FILE_LIMIT) return '';
  const text = await readFile(/*turbopackIgnore: true*/ file, 'utf8').catch(() => '');
  // Placed behind the last line, a new variable must not be joined to it: the template has no line end there (facts 2.3).
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Variables of config.env, or of its template before there is one, that still have a placeholder: as long as one stands there, a shell can't read the file. */
export async function unfilledVariables(dir: string): Promise<Set<string>> {
  const { text } = await readConfigFile(dir, 'config.env').catch(() => ({ text: '' }));
  return new Set(placeholdersIn(parseEnvFile(text ?? (await configTemplate(dir)))).keys());
}
