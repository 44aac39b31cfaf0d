import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EDITABLE } from '#lib/deployment/config-schema.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { Container } from '#lib/docker/client.ts';
import { type ComposeProject, composeHashes, serviceOperands } from '#lib/docker/compose.ts';
import { wouldRecreate } from '#lib/operations/lifecycle/compose-plan.ts';
import { imageId } from '#lib/docker/local-image.ts';

/** Arguments of compose that replace the containers of these services, and touch no other. */
export const applyArgs = (target: string | undefined, services: string[]): string[] => ['up', '-d', '--no-deps', ...(target === 'node-config' ? ['--force-recreate'] : []), ...serviceOperands(services)];

/**
 * Which of the services `wanted` have a container that isn't what the files and values say now: by compose's dry run for
 * config.env; for node-config.json, whether it was started before the file was written (a rename: the mount keeps the old
 * file). `before`: the project with the values of the file that is still there, where the question is what a change means.
 */
export async function pendingServices(target: string | undefined, of: Deployment, wanted: string[], containers: Map<string, Container>, before?: ComposeProject): Promise<Set<string>> {
  return target === 'node-config' ? startedBeforeFile(of, wanted, containers) : changedByValues(of, wanted, containers, before);
}

async function startedBeforeFile(of: Deployment, wanted: string[], containers: Map<string, Container>): Promise<Set<string>> {
  const info = await stat(path.join(/*turbopackIgnore: true*/ of.dir, EDITABLE['node-config'])).catch(() => undefined);
  return new Set(wanted.filter((name) => {
    const since = containers.get(name)?.startedAt;
    return !info || !since || Date.parse(since) <= info.ctimeMs;
  }));
}

/**
 * Compose hashes a service together with the dependencies that were named with it, and replaces what depends on a replaced
 * one (measured with 2.26): a dry run of everything says more than is true. So each container that it names is asked about
 * again in the company that it was created in. Where a neighbour makes even that unclear, its definition has to differ from
 * `before`; without `before` it counts.
 */
async function changedByValues(of: Deployment, wanted: string[], containers: Map<string, Container>, before: ComposeProject | undefined): Promise<Set<string>> {
  const present = of.services.filter((one) => containers.has(one.name));
  const images = await Promise.all(present.map((one) => imageId(one.image)));
  // A dry run asks the registry for an image that isn't here. One that has to be pulled is another one.
  const changed = new Set(present.filter((one, i) => !images[i] && wanted.includes(one.name)).map((one) => one.name));
  const names = present.filter((_, i) => images[i]).map((one) => one.name);
  if (!names.some((name) => wanted.includes(name))) return changed;
  const plan = async (services: string[]) => {
    const replaced = await wouldRecreate(of.project, applyArgs('env', services));
    return new Set(names.filter((name) => replaced.has(containers.get(name)?.name ?? '')));
  };
  const all = await plan(names);
  const suspects = wanted.filter((name) => all.has(name));
  if (suspects.length === 0) return changed;
  const differs = before && (await differentDefinitions(before, of.project));
  for (const name of suspects) {
    if (differs?.has(name)) {
      changed.add(name);
      continue;
    }
    const company = (containers.get(name)?.dependsOn ?? []).filter((one) => names.includes(one));
    const seen = await plan([name, ...company]);
    if (seen.has(name) && !(differs && company.some((one) => seen.has(one)))) changed.add(name);
  }
  return changed;
}

async function differentDefinitions(before: ComposeProject, after: ComposeProject): Promise<Set<string>> {
  const [old, now] = await Promise.all([composeHashes(before), composeHashes(after)]);
  return new Set(Object.keys(now).filter((name) => now[name] !== old[name]));
}
