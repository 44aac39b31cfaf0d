import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { composeFallbacks } from './compose-yaml.ts';
import { envOfText } from './config-change.ts';
import { type ConfigEnv, readConfigEnv, readDotEnv } from './config-env.ts';
import { type ConfigFile, type ConfigFileName, readConfigFile } from './config-file.ts';
import { configProblems } from './config-problems.ts';
import { configRows } from './config-rows.ts';
import { configTemplate } from './config-template.ts';
import { type ConfigRow, EDITABLE, type FileVersion } from './config-schema.ts';
import { hideIn, tokenOwners } from './config-tokens.ts';
import { editability } from './env-editability.ts';
import type { Deployment, DeploymentProblem } from './schema.ts';

export type ConfigNow = {
  path: string;
  version: FileVersion;
  changedAt?: number;
  mode?: string;
  error?: { code: string; params: Record<string, string | number> };
  rows: ConfigRow[];
  text?: string;
  tokens: string[];
  problems: DeploymentProblem[];
};

/** config.env as form and raw view show it. No secret is in it. Never throws for the file's state: that is `error`. */
export async function configNow(of: Deployment): Promise<ConfigNow> {
  const name = EDITABLE.env;
  const place = path.join(/*turbopackIgnore: true*/ of.dir, name);
  let file: ConfigFile;
  try {
    file = await readConfigFile(of.dir, name);
  } catch (error) {
    if (!isPanelError(error)) throw error;
    return { path: place, version: 'absent', error: { code: error.code, params: error.params }, rows: [], tokens: [], problems: (await readConfigEnv(of.dir)).problems };
  }
  const [denied, { problems: ofFile }, info] = await Promise.all([
    writeDenied(of.dir, name, file),
    readConfigEnv(of.dir),
    stat(/*turbopackIgnore: true*/ place).catch(() => undefined),
  ]);
  const { rows, problems } = await rowsOf(of, { ...envOfText(file.text ?? '', of.dir), readable: file.text !== undefined });
  const inRows = new Set(rows.flatMap((row) => row.problems.map((one) => JSON.stringify(one))));
  const hidden = hideIn('env', file.text ?? '');
  return {
    path: place,
    version: file.version,
    ...(info ? { changedAt: info.mtimeMs } : {}),
    ...(file.mode === undefined ? {} : { mode: file.mode.toString(8).padStart(4, '0') }),
    ...(denied ? { error: { code: denied.code, params: denied.params } } : {}),
    rows,
    text: hidden.text,
    tokens: tokenOwners('env', hidden.text).map((one) => one.name),
    problems: [...ofFile, ...problems.filter((one) => !inRows.has(JSON.stringify(one)))],
  };
}

/** The rows that a first config.env would have before anything is filled in; empty without a template. */
export async function templateRows(of: Deployment): Promise<ConfigRow[]> {
  const text = await configTemplate(of.dir);
  return text === '' ? [] : (await rowsOf(of, { ...envOfText(text, of.dir), readable: true })).rows;
}

async function rowsOf(of: Deployment, env: ConfigEnv): Promise<{ rows: ConfigRow[]; problems: DeploymentProblem[] }> {
  const [dotEnv, fallbacks, problems] = await Promise.all([readDotEnv(of.dir), composeFallbacks(of.project.dir, of.project.files), configProblems(of, env)]);
  const readOnly = (variable: string) => {
    const one = editability(env.file, env.values, variable);
    return one.editable ? undefined : one.reason;
  };
  return { rows: configRows({ env, dotEnv, services: of.services, problems, fallbacks, readOnly }), problems };
}

/** Why a save would surely fail, before anybody types anything. */
export async function writeDenied(dir: string, name: ConfigFileName, file: ConfigFile): Promise<PanelError | undefined> {
  if (file.mode !== undefined && (file.mode & 0o222) === 0) return new PanelError('config_read_only', { file: name, reason: file.mode.toString(8).padStart(4, '0') }, { status: 403 });
  return access(/*turbopackIgnore: true*/ dir, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => new PanelError('config_read_only', { file: name, reason: error.code ?? 'error' }, { status: 403 }),
  );
}
