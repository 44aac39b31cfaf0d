import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { readComposeYaml } from './compose-yaml.ts';
import { isOwnPortFile, isPortFile, PORT_FILE_NAMES, PORT_FILES } from './port-files.ts';
import type { Removals, StartedAs } from './removed-containers.ts';
import type { DeploymentProblem } from './schema.ts';

/** In compose's own order of preference (compose-go, DefaultFileNames and DefaultOverrideFileNames). */
export const BASE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDE_FILES = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml'];
/** The ML node's file, which upstream keeps apart (facts 1). */
export const ML_FILES = ['docker-compose.mlnode.yml', 'docker-compose.mlnode.yaml'];

export type ComposeFiles = {
  /** As compose was given it: its path stands in mounts and so in the containers' configuration hash. */
  dir: string;
  /** Relative to `dir`, in order. Empty when there is no base file. */
  files: string[];
  /** Containers of this deployment, one-off ones left out, and after them those that the panel has taken away. */
  containers: StartedAs[];
  /** The project that they belong to; those that are there have the first word. */
  runningProject?: string;
  problems: DeploymentProblem[];
};

const isFile = (file: string) => stat(/*turbopackIgnore: true*/ file).then((info) => info.isFile(), () => false);
const real = (file: string) => realpath(/*turbopackIgnore: true*/ file).catch(() => path.normalize(file));

/** Whoever starts a service under another project, or without a file that it had, has said what is wanted. */
const startedOtherwise = (now: StartedAs, before: StartedAs): boolean =>
  now.service === before.service && (now.project !== before.project || (before.configFiles ?? []).some((file) => !(now.configFiles ?? []).includes(file)));

/**
 * Which files make the deployment: base, what existing containers were started with, the ML file, the override file.
 * Overlays such as postgres count only when containers carry them, or carried them until the panel took them away
 * (`removals`: each until it is there again, all of them once somebody has started one of them in another way). `dir` is a real path.
 */
export async function composeFiles(dir: string, all: readonly StartedAs[], removals: Removals = []): Promise<ComposeFiles> {
  const problems: DeploymentProblem[] = [];
  const here = async (list: readonly StartedAs[]) => {
    const own: StartedAs[] = [];
    for (const one of list) if (one.workingDir && !one.oneOff && one.project && (await real(one.workingDir)) === dir) own.push(one);
    return own;
  };
  const there = await here(all);
  const gone = removals.filter((removal) => !removal.containers.some((one) => there.some((now) => startedOtherwise(now, one)))).flatMap((removal) => removal.containers);
  const containers = [...there, ...(await here(gone)).filter((one) => !there.some(({ service }) => service === one.service))];
  const asGiven = containers[0]?.workingDir ?? dir;

  const recorded: string[] = [];
  const lists = [...new Set(containers.map((one) => (one.configFiles ?? []).join('\n')))].map((joined) => joined.split('\n').filter(Boolean)).sort((a, b) => b.length - a.length);
  for (const file of lists.flat()) {
    const resolved = path.resolve(/*turbopackIgnore: true*/ dir, file);
    const parent = await real(path.dirname(resolved));
    // A label is the word of whoever made the container or its image: nothing outside the directory is read for it.
    // A link that lies inside is the operator's own.
    if (parent !== dir && !parent.startsWith(dir + path.sep)) {
      problems.push({ level: 'attention', code: 'recorded_file_outside', params: { file } });
      continue;
    }
    // The panel's own port files are looked for below; one that was taken away again is missed by nobody.
    if (isPortFile(path.relative(dir, resolved)) && (!(await isFile(resolved)) || (await isOwnPortFile(dir, path.relative(dir, resolved) as never)))) continue;
    if (!(await isFile(resolved))) {
      problems.push({ level: 'attention', code: 'recorded_file_missing', params: { file } });
      continue;
    }
    const name = path.relative(dir, path.join(parent, path.basename(resolved)));
    if (!recorded.includes(name)) recorded.push(name);
  }
  const present = async (names: string[]) => {
    for (const name of names) if (await isFile(path.join(/*turbopackIgnore: true*/ dir, name))) return name;
    return undefined;
  };
  const base = recorded.find((name) => BASE_FILES.includes(name)) ?? (await present(BASE_FILES));
  const ml = await present(ML_FILES);
  const override = await present(OVERRIDE_FILES);
  const files = base ? [...new Set([base, ...recorded.filter((name) => !OVERRIDE_FILES.includes(name)), ...(ml ? [ml] : []), ...recorded, ...(override ? [override] : [])])] : [];
  if (base) {
    const own = await ownPortFiles(dir, files, ml !== undefined);
    files.push(...own.files);
    problems.push(...own.problems);
  }

  const projects = new Map<string, number>();
  for (const one of there.length > 0 ? there : containers) projects.set(one.project as string, (projects.get(one.project as string) ?? 0) + 1);
  const ordered = [...projects.entries()].filter(([name]) => PROJECT_NAME.test(name)).sort((a, b) => b[1] - a[1]);
  if (ordered.length > 1) problems.push({ level: 'attention', code: 'several_projects', params: { projects: ordered.map(([name]) => name).join(', '), used: ordered[0]?.[0] ?? '' } });
  return { dir: asGiven, files, containers, runningProject: ordered[0]?.[0], problems: unique(problems) };
}

/** The panel's own, last. One that names a service which no other file has would make compose refuse everything. */
async function ownPortFiles(dir: string, others: string[], ml: boolean): Promise<{ files: string[]; problems: DeploymentProblem[] }> {
  const names = async (file: string) => Object.keys((await readComposeYaml(path.join(/*turbopackIgnore: true*/ dir, file)).catch(() => ({ services: {} }))).services);
  const known = new Set((await Promise.all(others.map(names))).flat());
  const own: { files: string[]; problems: DeploymentProblem[] } = { files: [], problems: [] };
  for (const file of PORT_FILE_NAMES) {
    if (!(await isOwnPortFile(dir, file))) continue;
    const strange = (await names(file)).find((name) => !known.has(name));
    if (!strange) own.files.push(file);
    // Nothing is created with its ports open until the file is written anew.
    else if (file === PORT_FILES.network || ml) own.problems.push({ level: 'broken', code: 'ports_file_stale', params: { file, missing: strange } });
  }
  return own;
}

const PROJECT_NAME = /^[a-z0-9][a-z0-9_-]*$/;

/**
 * The project's name as compose would choose it: running containers, COMPOSE_PROJECT_NAME (config.env, then `.env`),
 * `name:` of the last file that has one, the directory's name with what compose doesn't allow left out.
 */
export async function projectName(files: ComposeFiles, values: Record<string, string>, dotEnv: Record<string, string>): Promise<string> {
  if (files.runningProject) return files.runningProject;
  const given = values.COMPOSE_PROJECT_NAME || dotEnv.COMPOSE_PROJECT_NAME;
  if (given) return normalised(given);
  for (const file of [...files.files].reverse()) {
    const { name } = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ files.dir, file)).catch(() => ({ name: undefined }));
    if (name) return normalised(name);
  }
  return normalised(path.basename(files.dir));
}

const normalised = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_-]/g, '').replace(/^[_-]+/, '') || 'deployment';

const unique = (problems: DeploymentProblem[]) => [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
