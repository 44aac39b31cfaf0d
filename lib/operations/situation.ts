import { realpath } from 'node:fs/promises';
import { PanelError } from '#lib/core/errors.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { type Container, listContainers } from '#lib/docker/client.ts';
import { composeCommand, composeHashes, serviceOperands } from '#lib/docker/compose.ts';
import { noteRestarts } from './crash-loop.ts';
import { imageId } from './local-images.ts';
import { type Change, KINDS, type Kind } from './schema.ts';

/** One service that an operation touches, and what would happen to its container. */
export type Affected = { service: DeploymentService; container?: Container; change: Change; image?: string };
/** `image`: id of the service's image on this machine; absent when it would have to be pulled. */
export type Situation = { deployment: Deployment; affected: Affected[]; /** argv of what would be run */ command: string[]; /** The same without `docker compose …` in front; absent: the engine is asked directly. */ composeArgs?: string[] };

const CHAIN_ROLES: readonly string[] = ['tmkms', 'node'];

/** The deployment that is managed. Throws operation_no_deployment. */
export async function deployment(): Promise<Deployment> {
  const found = await currentDeployment();
  if (!found) throw new PanelError('operation_no_deployment', {}, { status: 409 });
  return found;
}

/** The project's long-lived containers by service. Throws engine_*, operation_other_directory. */
export async function serviceContainers(of: Deployment): Promise<Map<string, Container>> {
  const containers = (await listContainers({ project: of.project.name })).filter((c) => c.service && !c.oneOff);
  noteRestarts(containers);
  const here = await realpath(of.project.dir).catch(() => of.project.dir);
  const byService = new Map<string, Container>();
  for (const container of containers) {
    // Two clones of upstream's repository have the same project name: compose would take the other's containers for its own.
    const there = container.workingDir && (await realpath(container.workingDir).catch(() => undefined));
    if (there && there !== here) throw new PanelError('operation_other_directory', { service: container.service as string, project: of.project.name, dir: container.workingDir as string }, { status: 409 });
    const known = byService.get(container.service as string);
    // A recreate that was cut off leaves two containers of one service; the one that runs is the service.
    if (!known || (known.state !== 'running' && container.state === 'running')) byService.set(container.service as string, container);
  }
  return byService;
}

function chosen(kind: Kind, target: string | undefined, of: Deployment): DeploymentService[] {
  const enabled = of.services.filter((s) => s.active);
  if (KINDS[kind].target === 'chain') {
    const chain = enabled.filter((s) => CHAIN_ROLES.includes(s.role)).sort((a, b) => CHAIN_ROLES.indexOf(a.role) - CHAIN_ROLES.indexOf(b.role));
    for (const role of CHAIN_ROLES) {
      if (!chain.some((s) => s.role === role)) throw new PanelError('operation_no_chain_service', { role, dir: of.dir }, { status: 409 });
    }
    return chain;
  }
  const service = enabled.find((s) => s.name === target);
  if (!service) throw new PanelError('service_unknown', { service: target ?? '' }, { status: 404 });
  return [service];
}

function change(kind: Kind, container: Container | undefined, image: string | undefined, hash: string | undefined): Change {
  const runs = container !== undefined && ['running', 'restarting', 'paused'].includes(container.state);
  switch (kind) {
    case 'stop':
      return runs ? 'stop' : 'none';
    case 'recreate':
      return container ? 'recreate' : 'create';
    case 'start':
      return !container ? 'create' : runs ? 'none' : 'start';
    case 'restart':
      return !container ? 'create' : runs ? 'restart' : 'start';
    case 'launch-chain': {
      if (!container) return 'create';
      // What `up` recreates: changed configuration, or another image under the same name.
      const same = container.configHash === hash && (image === undefined || container.imageId === image);
      return !same ? 'recreate' : runs ? 'none' : 'start';
    }
  }
}

/** What is there now and what the operation would change. Throws service_unknown, operation_no_chain_service, engine_*, compose_*. */
export async function situation(kind: Kind, target: string | undefined, of: Deployment): Promise<Situation> {
  const services = chosen(kind, target, of);
  const [containers, hashes, images] = await Promise.all([
    serviceContainers(of),
    kind === 'launch-chain' ? composeHashes(of.project) : {},
    Promise.all(services.map((s) => imageId(s.image))),
  ]);
  const affected = services.map((service, i): Affected => {
    const container = containers.get(service.name);
    return { service, container, image: images[i], change: change(kind, container, images[i], (hashes as Record<string, string>)[service.name]) };
  });
  const only = affected[0];
  // One container that exists is the engine's business; whatever creates one is compose's.
  if (only?.container && (kind === 'start' || kind === 'stop' || kind === 'restart')) return { deployment: of, affected, command: ['docker', kind, only.container.name] };
  if (kind === 'stop') return { deployment: of, affected, command: ['docker', 'stop', only?.service.containerName ?? only?.service.name ?? ''] };
  const composeArgs = ['up', '-d', '--no-deps', ...(kind === 'recreate' ? ['--force-recreate'] : []), ...serviceOperands(services.map((s) => s.name))];
  return { deployment: of, affected, composeArgs, command: composeCommand(of.project, composeArgs) };
}

/** `tmkms: running, node: exited (1)`: the engine's own words, for the record. */
export function inWords(affected: { service: { name: string }; container?: Container }[]): string {
  return affected
    .map(({ service, container }) => {
      if (!container) return `${service.name}: -`;
      const ended = container.state === 'exited' && container.exitCode !== undefined ? ` (${container.exitCode})` : '';
      return `${service.name}: ${container.state}${ended}`;
    })
    .join(', ');
}
