import { stat } from 'node:fs/promises';
import path from 'node:path';
import { panelEnv } from '#lib/core/env.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { composeConfig, type ComposeProject } from '#lib/docker/compose.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { mountProblems, portProblems } from './checks.ts';
import { BASE_FILES, type ComposeFiles, composeFiles, ML_FILES, projectName } from './compose-files.ts';
import { readComposeYaml, serviceVariables } from './compose-yaml.ts';
import { CONFIG_ENV, readConfigEnv, readDotEnv } from './config-env.ts';
import { readConfigFile } from './config-file.ts';
import { EDITABLE } from './config-schema.ts';
import { checkDeployDir, rolesOf } from './deploy-dir.ts';
import { exportedValues } from './env-values.ts';
import { mixedRelease } from './release.ts';
import { removalsOf } from './removed-containers.ts';
import { type ComposeConfiguration, composeConfiguration, type Deployment, type DeploymentProblem, type DeploymentService } from './schema.ts';
import { registerComposeSecrets, registerConfigSecrets, registerNodeConfigSecrets } from './secret-values.ts';
import { deploymentServices, releaseOf } from './services.ts';
import { variableProblems } from './variable-checks.ts';

/** How long one reading serves all who ask at about the same time (ms). */
const FRESH_MS = 1000;
/** Files that compose includes without our knowing can change too: its answer is never kept longer (ms). */
const CONFIG_MS = 60_000;

type Answer = { config: ComposeConfiguration } | { problem: DeploymentProblem };
type Cache = { loads: Map<string, { /** Infinity while under way. */ at: number; result: Promise<Deployment> }>; configs: Map<string, { at: number; answer: Promise<Answer> }> };
const cache = (): Cache => singleton('deployment.cache', () => ({ loads: new Map(), configs: new Map() }));

/**
 * The deployment in `dir` as it is now: files, services, values with bash's meaning, problems. Nothing is executed
 * from config.env; compose gets its exported values and nothing of the panel's environment. Secrets are registered
 * for masking on the way. Throws deploy_dir_* when the directory is no deployment.
 */
export function loadDeployment(dir: string): Promise<Deployment> {
  const { loads } = cache();
  const known = loads.get(dir);
  if (known && performance.now() - known.at < FRESH_MS) return known.result;
  const load = { at: Number.POSITIVE_INFINITY, result: read(dir) };
  loads.set(dir, load);
  load.result.then(
    () => (load.at = performance.now()),
    () => loads.get(dir) === load && loads.delete(dir),
  );
  return load.result;
}

/** The next look reads everything anew: something was changed just now. */
export function forgetDeployment(): void {
  cache().loads.clear();
  cache().configs.clear();
}

/**
 * Compose's own interpolated answer for the project, with a `$` as one sign. For another project than the deployment's
 * (new values) it is asked anew and not kept. Undefined when compose refuses the files or isn't there.
 */
export async function composeConfigurationOf(of: Deployment, project: ComposeProject = of.project): Promise<ComposeConfiguration | undefined> {
  const whole = { ...project, profiles: ['*'] };
  const answer = project === of.project ? await configuration(of.dir, whole) : await ask(whole);
  return 'config' in answer ? answer.config : undefined;
}

async function read(given: string): Promise<Deployment> {
  const { dir } = await checkDeployDir(given);
  const { engine, containers } = await engineWatch().snapshot();
  // Of an engine that doesn't answer nobody knows what is there.
  const files = await composeFiles(dir, containers, engine.state === 'ok' ? await removalsOf(dir) : []);
  const env = await readConfigEnv(dir);
  const dotEnv = await readDotEnv(dir);
  registerConfigSecrets(env, dotEnv);
  // A file that can't be read has its say where it is shown.
  registerNodeConfigSecrets((await readConfigFile(dir, EDITABLE['node-config']).catch(() => undefined))?.text ?? '');
  const values = exportedValues(env.values);
  const project: ComposeProject = { name: await projectName(files, values, dotEnv), dir: files.dir, files: files.files, profiles: [], env: values };
  const answer = await configuration(dir, { ...project, profiles: ['*'] });
  const problems: DeploymentProblem[] = [...env.problems, ...files.problems];

  const { HOME } = panelEnv().child;
  let services: DeploymentService[];
  if ('config' in answer) {
    registerComposeSecrets(answer.config);
    project.profiles = activeProfiles(answer.config, files, values, dotEnv);
    services = deploymentServices(answer.config, await serviceVariables(files.dir, files.files), project.profiles, await mlServiceNames(files));
    problems.push(...(await mountProblems(dir, services)), ...portProblems(answer.config, services));
  } else {
    problems.push(answer.problem);
    services = await servicesAsWritten(files);
  }
  if (env.readable) problems.push(...variableProblems({ env, dotEnv, services, given: HOME ? ['HOME', 'PATH'] : ['PATH'] }));
  const mixed = mixedRelease(services);
  if (mixed) problems.push(mixed);
  problems.sort((a, b) => Number(a.level === 'attention') - Number(b.level === 'attention'));
  return { dir, project, release: releaseOf(services), services, problems, values };
}

/** Compose's answer for this project, asked again only when a file it reads, or a value it gets, has changed. */
async function configuration(dir: string, project: ComposeProject): Promise<Answer> {
  if (project.files.length === 0) return { problem: { level: 'broken', code: 'compose_missing', params: { file: BASE_FILES[2] as string } } };
  const key = JSON.stringify([project, await Promise.all([CONFIG_ENV, '.env', ...project.files].map((file) => signature(path.resolve(/*turbopackIgnore: true*/ dir, file))))]);
  const { configs } = cache();
  const known = configs.get(dir + key);
  if (known && performance.now() - known.at < CONFIG_MS) return known.answer;
  const answer = ask(project);
  for (const [old, one] of configs) if (old.startsWith(dir) || performance.now() - one.at > CONFIG_MS) configs.delete(old);
  configs.set(dir + key, { at: performance.now(), answer });
  const settled = await answer;
  // Compose that is missing today may be there in a moment.
  if ('problem' in settled) configs.delete(dir + key);
  return settled;
}

const signature = (file: string) => stat(/*turbopackIgnore: true*/ file).then((info) => [file, info.mtimeMs, info.ctimeMs, info.size, info.ino], () => [file]);

async function ask(project: ComposeProject): Promise<Answer> {
  try {
    return { config: composeConfiguration.parse(dollars(await composeConfig(project))) };
  } catch (error) {
    if (isPanelError(error) && (error.code === 'docker_cli_absent' || error.code === 'compose_absent')) return { problem: { level: 'broken', code: 'compose_absent', params: {} } };
    const detail = isPanelError(error) ? String(error.params.detail ?? error.code) : 'unexpected output';
    return { problem: { level: 'broken', code: 'compose_invalid', params: { detail } } };
  }
}

/** `config` prints `$$` for a dollar sign, so that its output could be read again. */
function dollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', () => '$');
  if (Array.isArray(value)) return value.map(dollars);
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, dollars(one)])) : value;
}

/** COMPOSE_PROFILES, and the profiles of services that have containers: those were switched on by hand. */
function activeProfiles(config: ComposeConfiguration, files: ComposeFiles, values: Record<string, string>, dotEnv: Record<string, string>): string[] {
  const active = new Set((values.COMPOSE_PROFILES ?? dotEnv.COMPOSE_PROFILES ?? '').split(',').map((one) => one.trim()).filter(Boolean));
  for (const container of files.containers) {
    const profiles = config.services[container.service ?? '']?.profiles ?? [];
    if (profiles.length > 0 && !profiles.some((one) => active.has(one))) active.add(profiles[0] as string);
  }
  return [...active];
}

async function mlServiceNames(files: ComposeFiles): Promise<Set<string>> {
  const names = async (file: string | undefined) => (file ? Object.keys((await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ files.dir, file)).catch(() => ({ services: {} }))).services) : []);
  const base = new Set(await names(files.files[0]));
  return new Set((await names(files.files.find((file) => ML_FILES.includes(file)))).filter((name) => !base.has(name)));
}

/** When compose can't be asked: what the files say, so that the pages still name the services. */
async function servicesAsWritten(files: ComposeFiles): Promise<DeploymentService[]> {
  const variables = await serviceVariables(files.dir, files.files);
  const ml = await mlServiceNames(files);
  const services: ComposeConfiguration['services'] = {};
  for (const file of files.files) {
    const yaml = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ files.dir, file)).catch(() => undefined);
    if (!yaml) continue;
    for (const { name, image } of rolesOf(yaml)) {
      const definition = yaml.services[name] ?? {};
      const profiles = Array.isArray(definition.profiles) ? definition.profiles.filter((one): one is string => typeof one === 'string') : (services[name]?.profiles ?? []);
      services[name] = { image: image || services[name]?.image, profiles, volumes: [], ports: [], container_name: typeof definition.container_name === 'string' ? definition.container_name : services[name]?.container_name };
    }
  }
  return deploymentServices({ services }, variables, [], ml);
}
