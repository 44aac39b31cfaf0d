import { open } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { type EnvFile, parseEnvFile } from './env-file.ts';
import { type EnvValues, envValues } from './env-values.ts';
import type { DeploymentProblem } from './schema.ts';

export const CONFIG_ENV = 'config.env';
const SIZE_CAP = 256 * 1024;

export type ConfigEnv = { file: EnvFile; values: EnvValues; problems: DeploymentProblem[]; /** False: there is none, or it can't be read as text; nothing is known of its values. */ readable: boolean };

/** Reads and understands `config.env`; what is wrong with the file as a file comes as problems. Never throws for its state. */
export async function readConfigEnv(dir: string): Promise<ConfigEnv> {
  const problems: DeploymentProblem[] = [];
  const text = await readText(path.join(/*turbopackIgnore: true*/ dir, CONFIG_ENV), problems);
  const file = parseEnvFile(text ?? '');
  const { HOME, PATH } = panelEnv().child;
  const values = envValues(file, { ...(HOME ? { HOME } : {}), ...(PATH ? { PATH } : {}), PWD: dir });
  return { file, values, problems, readable: text !== undefined && !problems.some(({ level }) => level === 'broken') };
}

async function readText(file: string, problems: DeploymentProblem[]): Promise<string | undefined> {
  const broken = (code: string, params: DeploymentProblem['params'] = {}) => {
    problems.push({ level: 'broken', code, params: { file: CONFIG_ENV, ...params } });
    return undefined;
  };
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(/*turbopackIgnore: true*/ file, 'r');
    const info = await handle.stat();
    if (!info.isFile()) return broken('config_not_a_file');
    if (info.size > SIZE_CAP) return broken('config_too_large', { kilobytes: Math.round(info.size / 1024) });
    if ((info.mode & 0o077) !== 0) problems.push({ level: 'attention', code: 'config_open', params: { file: CONFIG_ENV, mode: (info.mode & 0o777).toString(8).padStart(4, '0') } });
    const bytes = await handle.readFile();
    const text = bytes.toString('utf8');
    // Still looked through for secrets; `broken` keeps it from being used.
    if (!Buffer.from(text, 'utf8').equals(bytes)) broken('config_not_text');
    return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return broken('config_missing');
    if (code === 'EISDIR') return broken('config_not_a_file');
    return broken('config_unreadable', { reason: code ?? 'error' });
  } finally {
    await handle?.close();
  }
}

/** What compose itself reads from `.env` beside its files: names and raw values, for knowing that a variable is given. */
export async function readDotEnv(dir: string): Promise<Record<string, string>> {
  const text = (await readText(path.join(/*turbopackIgnore: true*/ dir, '.env'), [])) ?? '';
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (match) found[match[1] as string] = (match[2] as string).replace(/^(['"])(.*)\1$/, '$2');
  }
  return found;
}
