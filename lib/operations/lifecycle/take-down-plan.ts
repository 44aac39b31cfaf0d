import { PanelError } from '#lib/core/errors.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { serviceRole } from '#lib/deployment/services.ts';
import type { Container } from '#lib/docker/client.ts';
import { composeCommand, serviceOperands } from '#lib/docker/compose.ts';
import { isGroup } from '#lib/operations/schema.ts';
import { type Affected, serviceContainers, type Situation } from './service-containers.ts';
import { servicesOf } from './service-group.ts';

/** A service that the files no longer name: an update has renamed it, and its container still runs. */
function stranger(name: string, container: Container): DeploymentService {
  const role = serviceRole(name, container.image);
  return { name, image: container.image, group: role === 'mlnode' || role === 'inference' ? 'ml' : 'network', profiles: [], active: true, dependsOn: [], variables: [], required: [], role, mounts: [] };
}

/** What compose says when it can't tell which services there are: what isn't named then may run all the same. */
const UNREAD: readonly string[] = ['compose_invalid', 'compose_absent', 'compose_missing'];

/** Containers of services that the files don't name. */
const strangersOf = (of: Deployment, containers: Awaited<ReturnType<typeof serviceContainers>>): DeploymentService[] =>
  [...containers].filter(([name]) => !of.services.some((one) => one.name === name)).map(([name, [one]]) => stranger(name, one));

/**
 * Refuses where ML containers are there that the files don't name (a compose file was moved away, an update renamed its
 * services): a `down` of the ML services would leave them, and they are `restart: always`. Throws ml_unnamed, engine_*.
 */
export async function refuseUnnamedMl(of: Deployment): Promise<void> {
  const unnamed = strangersOf(of, await serviceContainers(of)).filter(({ group }) => group === 'ml');
  if (unnamed.length > 0) throw new PanelError('ml_unnamed', { services: unnamed.map(({ name }) => name).join(', ') }, { status: 409 });
}

/**
 * Which containers a `down` removes. Of the whole deployment by `docker compose down` (containers of services that the
 * files don't name any more by `--remove-orphans`), of a part by `rm -s -f` of exactly its services. Volumes are kept.
 * `target`: a service or a group. Throws service_unknown, files_unread (a group, of files that compose
 * can't read), engine_*, operation_other_directory.
 */
export async function downPlan(of: Deployment, target: string | undefined): Promise<Situation> {
  const unread = isGroup(target ?? '') && of.problems.find(({ code }) => UNREAD.includes(code));
  if (unread) throw new PanelError('files_unread', { dir: of.dir, detail: unread.params.detail ?? unread.code }, { status: 409 });
  const services = servicesOf(target, of);
  if (services.length === 0 && !isGroup(target ?? '')) throw new PanelError('service_unknown', { service: target ?? '' }, { status: 404 });
  const containers = await serviceContainers(of);
  const strangers = target === '@all' ? strangersOf(of, containers) : [];
  const affected = [...services, ...strangers].flatMap((service): Affected[] => {
    const [container, ...others] = containers.get(service.name) ?? [];
    return container ? [{ service, container, others, image: container.imageId, change: 'remove' }] : [];
  });
  const names = affected.map((one) => one.service.name);
  const composeArgs = target === '@all' ? ['down', ...(strangers.length > 0 ? ['--remove-orphans'] : [])] : ['rm', '-s', '-f', ...serviceOperands(names)];
  // `rm` without a name would mean every service.
  const nothing = target !== '@all' && names.length === 0;
  return { deployment: of, affected, command: nothing ? [] : composeCommand(of.project, composeArgs), ...(nothing ? {} : { composeArgs }), ...(affected.length === 0 ? { notes: ['nothing_to_remove'], found: { code: 'gone', params: { project: of.project.name } } } : {}) };
}
