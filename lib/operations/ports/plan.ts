import { versionOfText } from '#lib/deployment/config-file.ts';
import { isPortFile } from '#lib/deployment/port-files.ts';
import { everywhere, portOverrides, type PortOverrides } from '#lib/deployment/port-overrides.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import { containerMade } from '#lib/docker/container-made.ts';
import { composeCommand, type ComposeProject, serviceOperands } from '#lib/docker/compose.ts';
import { INTERNAL_PORTS } from '#lib/deployment/internal-ports.ts';
import { imageId } from '#lib/docker/local-image.ts';
import type { PortParams } from './params.ts';
import { type Affected, serviceContainers, type Situation } from '#lib/operations/lifecycle/service-containers.ts';

/** What the panel's port files should say, and the services whose containers were made with other internal ports. */
export type PortPlan = { overrides: PortOverrides; /** The project once the files are as they should be. */ project: ComposeProject; services: string[]; params: PortParams };

/** Changes nothing. `address` undefined: the ports as the other files have them. Throws compose_*, engine_*, operation_other_directory. */
export async function portPlan(of: Deployment, address: string | undefined): Promise<PortPlan> {
  const [overrides, containers] = await Promise.all([portOverrides(of, address), serviceContainers(of)]);
  const files = [...of.project.files.filter((name) => !isPortFile(name)), ...overrides.files.flatMap(({ name, text }) => (text ? [name] : []))];
  const services: string[] = [];
  for (const service of of.services) {
    const made = containers.get(service.name) && (await containerMade((containers.get(service.name) ?? [])[0]?.id ?? ''));
    if (made && internalPorts(service, made.ports) !== wantedPorts(service.name, overrides)) services.push(service.name);
  }
  const versions = overrides.files.map(({ name, text }) => ({ name, version: text ? versionOfText(text) : ('absent' as const) }));
  return { overrides, project: { ...of.project, files }, services, params: { ...(address ? { address } : {}), files: versions, services } };
}

const portKey = (container: number, address: string, published: string) => `${container} ${everywhere(address) ? '*' : address} ${published}`;
const wantedPorts = (service: string, { internal }: PortOverrides): string => internal.filter((one) => one.service === service).map((one) => portKey(one.container, one.address, one.published)).sort().join(', ');

/** Ports of a container that nothing outside needs; also one that the files don't publish any more. */
function internalPorts({ role }: DeploymentService, ports: { container: string; address: string; published: string }[]): string {
  const keys = ports.flatMap(({ container, address, published }) => (INTERNAL_PORTS.some((one) => one.role === role && container === `${one.port}/tcp`) ? [portKey(Number.parseInt(container, 10), address, published)] : []));
  return [...new Set(keys)].sort().join(', ');
}

export const PORT_UP = (services: string[]): string[] => ['up', '-d', '--no-deps', ...serviceOperands(services)];

/** For the preview and the gate: the containers of the announced services, and the literal command. */
export async function portSituation(of: Deployment, params: unknown): Promise<Situation> {
  const { address, services: announced } = params as PortParams;
  const [plan, containers] = await Promise.all([portPlan(of, address), serviceContainers(of)]);
  const services = of.services.filter(({ name }) => announced.includes(name) && containers.has(name));
  const images = await Promise.all(services.map(({ image }) => imageId(image)));
  const affected = services.map((service, i): Affected => {
    const [container, ...others] = containers.get(service.name) ?? [];
    const runs = container !== undefined && ['running', 'restarting', 'paused'].includes(container.state);
    return { service, container, others, image: images[i], change: plan.services.includes(service.name) ? 'recreate' : runs ? 'none' : 'start' };
  });
  if (services.length === 0) return { deployment: of, affected, command: composeCommand(plan.project, ['config', '--quiet']) };
  const missing = affected.filter(({ image }) => !image).map(({ service }) => service.name);
  const composeArgs = PORT_UP(services.map(({ name }) => name));
  return { deployment: of, affected, composeArgs, ...(missing.length > 0 ? { pullArgs: ['pull', ...serviceOperands(missing)] } : {}), command: composeCommand(plan.project, composeArgs) };
}
