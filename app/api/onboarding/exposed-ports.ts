import { internalPort, isInnerAddress } from '#lib/deployment/internal-ports.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { serviceRole } from '#lib/deployment/services.ts';
import type { EngineSnapshot } from '#lib/docker/engine-watch.ts';
import type { HostFacts } from '#lib/onboarding/host-facts.ts';
import type { ExposedPort, PrerequisiteFacts } from '#lib/onboarding/prerequisite-facts.ts';
import { openPorts } from '#lib/watch/open-ports.ts';

type Seen = { deployment: Pick<Deployment, 'project' | 'release' | 'services'> | undefined; engine: EngineSnapshot; wanted: HostFacts['wanted']; heard: HostFacts['heard']; card: string | undefined };

/**
 * Internal ports that are open or would be: by what runs now (the engine), by what the compose files would publish, and by
 * the kernel's listeners where Docker can't be asked. Nothing found is only said where both the files and Docker were read.
 */
export function exposedPorts({ deployment, engine: { engine, containers, at }, wanted, heard, card }: Seen): PrerequisiteFacts['exposed'] {
  if (!deployment) return { source: 'docker compose config', at, why: 'not_chosen' };
  if (!wanted && engine.state !== 'ok') return { source: 'Docker', at, why: 'engine' };
  const open = openPorts(containers.filter(({ project }) => project === deployment.project.name), deployment.release);
  const ports = new Map<number, ExposedPort>();
  const add = (one: Pick<ExposedPort, 'port' | 'container' | 'service'>, how: Partial<ExposedPort>) => ports.set(one.port, { open: false, planned: false, ...ports.get(one.port), ...one, ...how });
  for (const { service, container, address, port, protocol } of wanted ?? []) {
    const image = deployment.services.find(({ name }) => name === service)?.image ?? '';
    if (port !== undefined && !isInnerAddress(address) && internalPort(serviceRole(service, image), container, protocol)) add({ port, container, service }, { planned: true });
  }
  for (const one of open.internal) add(one, { open: true });
  // Docker that can't be asked says nothing of what runs: the kernel still does.
  if (engine.state !== 'ok') for (const one of ports.values()) if (heard?.some(({ port, protocol, address }) => port === one.port && protocol === 'tcp' && !isInnerAddress(address))) one.open = true;
  const source = [...(wanted ? ['docker compose config'] : []), ...(engine.state === 'ok' ? [`Docker ${engine.version}`] : heard ? ['/proc/net'] : [])].join(', ');
  if (ports.size === 0 && !wanted) return { source, at, why: 'compose' };
  if (ports.size === 0 && engine.state !== 'ok') return { source, at, why: 'engine' };
  return { source, at, value: { ports: [...ports.values()], leaks: open.leaks, ...(card ? { card } : {}) } };
}
