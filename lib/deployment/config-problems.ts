import { panelEnv } from '#lib/core/env.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { listeners } from '#lib/host/listeners.ts';
import { pathFacts } from '#lib/host/paths.ts';
import { announcedPortProblems, portConflicts } from './config-checks.ts';
import { envOfText } from './config-change.ts';
import { type ConfigEnv, readDotEnv } from './config-env.ts';
import { composeConfigurationOf } from './deployment.ts';
import { exportedValues } from './env-values.ts';
import { configPaths, pathProblems } from './path-checks.ts';
import type { Deployment, DeploymentProblem, DeploymentService } from './schema.ts';
import { variableProblems } from './variable-checks.ts';
import { portVariables, wantedPorts } from './wanted-ports.ts';

/**
 * What is wrong with these values of config.env, by the rules, by each other and by this machine: ports that are taken,
 * paths that aren't there. What can't be seen says nothing. The values may be those of a file that isn't saved yet.
 */
export async function configProblems(of: Deployment, env: ConfigEnv): Promise<DeploymentProblem[]> {
  const dotEnv = await readDotEnv(of.dir);
  const services = withProfiles(of, exportedValues(env.values).COMPOSE_PROFILES ?? dotEnv.COMPOSE_PROFILES ?? '');
  const { HOME } = panelEnv().child;
  const given = HOME ? ['HOME', 'PATH'] : ['PATH'];
  const problems = env.readable ? variableProblems({ env, dotEnv, services, given }) : [];
  // Where bash gives up at a placeholder, what stands behind it is judged all the same: it counts as soon as that is filled in.
  const settled = env.values.stopped ? envOfText(env.file.toString(), of.dir, true) : env;
  if (settled !== env) for (const one of variableProblems({ env: settled, dotEnv, services, given })) if (!problems.some((two) => two.code === one.code && two.params.variable === one.params.variable)) problems.push(one);
  const values: Record<string, string> = { ...dotEnv, ...exportedValues(settled.values) };

  const [config, variables, heard, { engine, containers }] = await Promise.all([composeConfigurationOf(of), portVariables(of.project.dir, of.project.files), listeners(), engineWatch().snapshot()]);
  if (config) {
    const wanted = wantedPorts(config, services, variables);
    const own = containers.filter((one) => one.project === of.project.name).flatMap((one) => one.ports);
    // Without Docker it isn't known which of the listeners are this deployment's own.
    problems.push(...portConflicts(values, wanted, engine.state === 'ok' ? heard : undefined, own), ...announcedPortProblems(values, wanted));
  }
  const facts = new Map(await Promise.all(configPaths(values, of.dir).map(async ({ path: place }) => [place, await pathFacts(place)] as const)));
  problems.push(...pathProblems(values, of.dir, services, facts));
  return problems.sort((a, b) => Number(a.level === 'attention') - Number(b.level === 'attention'));
}

/** The services as these profiles switch them on; those switched on by hand stay on. */
function withProfiles(of: Deployment, given: string): DeploymentService[] {
  const split = (text: string) => text.split(',').map((one) => one.trim()).filter(Boolean);
  const before = split(of.values.COMPOSE_PROFILES ?? '');
  const profiles = [...of.project.profiles.filter((one) => !before.includes(one)), ...split(given)];
  return of.services.map((one) => ({ ...one, active: one.profiles.length === 0 || profiles.includes('*') || one.profiles.some((profile) => profiles.includes(profile)) }));
}
