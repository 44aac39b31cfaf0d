import { realpath } from 'node:fs/promises';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { type Container, listContainers } from '#lib/docker/client.ts';
import { noteRestarts } from './crash-loop.ts';
import type { Change, Gate, Words } from '#lib/operations/schema.ts';

/** One service that an operation touches, and what would happen to its container. `others`: what a recreate that was cut off has left beside it. */
export type Affected = { service: DeploymentService; container?: Container; others: Container[]; change: Change; image?: string };
/** `image`: id of the service's image on this machine; absent when it would have to be pulled. */
export type Situation = { deployment: Deployment; affected: Affected[]; /** argv of what would be run */ command: string[]; /** One argv each, where it is more than one command. */ commands?: string[][]; /** What is there now, of work that touches no service; a key under operations.evidence. */ found?: Words; /** The same without `docker compose …` in front; absent: the engine is asked directly. */ composeArgs?: string[]; /** The same of the pull that goes before, when images are missing. */ pullArgs?: string[]; /** What speaks against it besides the phase. */ gate?: Gate; /** What it means besides; keys under operations.notes. */ notes?: string[] };

/**
 * The project's long-lived containers by service; the first is the service, the one that runs if one does. More than one
 * is what a recreate that was cut off has left. Throws engine_*, operation_other_directory.
 */
export async function serviceContainers(of: Deployment): Promise<Map<string, [Container, ...Container[]]>> {
  const containers = (await listContainers({ project: of.project.name })).filter((c) => c.service && !c.oneOff);
  noteRestarts(containers);
  const here = await realpath(of.project.dir).catch(() => of.project.dir);
  const byService = new Map<string, [Container, ...Container[]]>();
  for (const container of containers) {
    // Two clones of upstream's repository have the same project name: compose would take the other's containers for its own.
    const there = container.workingDir && (await realpath(container.workingDir).catch(() => undefined));
    if (there && there !== here) throw new PanelError('operation_other_directory', { service: container.service as string, project: of.project.name, dir: container.workingDir as string }, { status: 409 });
    const known = byService.get(container.service as string);
    if (!known) byService.set(container.service as string, [container]);
    else if (known[0].state !== 'running' && container.state === 'running') known.unshift(container);
    else known.push(container);
  }
  return byService;
}

/** Of each service the container that is the service. */
export async function currentContainers(of: Deployment): Promise<Map<string, Container>> {
  return new Map([...(await serviceContainers(of))].map(([name, [current]]) => [name, current]));
}
