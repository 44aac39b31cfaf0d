import { panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import { checkDeployDir } from './deploy-dir.ts';
import { loadDeployment } from './deployment.ts';
import type { Deployment } from './schema.ts';
import { chosenDir, saveChosenDir } from './store.ts';

/** GONKA_DEPLOY_DIR's deployment, else the chosen one; undefined before a choice. Throws as loadDeployment does. */
export async function currentDeployment(): Promise<Deployment | undefined> {
  const dir = panelEnv().deployDir ?? (await chosenDir());
  return dir ? loadDeployment(dir) : undefined;
}

/** Whether a directory is set or was chosen; says nothing about what is in it. */
export async function hasDeployDir(): Promise<boolean> {
  return panelEnv().deployDir !== undefined || (await chosenDir()) !== undefined;
}

/** Makes `dir` (absolute, typed or picked) the panel's deployment. Throws deploy_dir_*; deploy_dir_fixed under GONKA_DEPLOY_DIR. */
export async function chooseDeployment(given: string): Promise<Deployment> {
  const fixed = panelEnv().deployDir;
  if (fixed) throw new PanelError('deploy_dir_fixed', { dir: fixed }, { status: 409 });
  const { dir } = await checkDeployDir(given);
  const deployment = await loadDeployment(dir);
  await saveChosenDir(dir);
  return deployment;
}
