import type { Container } from '#lib/docker/client.ts';

export type ServiceRole = 'tmkms' | 'node' | 'api' | 'proxy' | 'mlnode' | 'inference' | 'explorer' | 'other';
export type WatchedService = { name: string; role: ServiceRole; group: 'network' | 'ml' };
export type WatchedContainer = Pick<Container, 'service' | 'state' | 'health' | 'exitCode' | 'startedAt' | 'restartCount' | 'oneOff' | 'ports' | 'image'> & Partial<Pick<Container, 'networks'>>;
export type ServiceHealth = 'running' | 'starting' | 'unhealthy' | 'crash-looping' | 'paused' | 'failed' | 'stopped' | 'absent';

/** Restarts by Docker that make a young container a loop and not an accident. */
const LOOP_RESTARTS = 3;
const LOOP_MS = 2 * 60_000;
// Ends that somebody asked for: SIGTERM, SIGKILL after the grace time, SIGINT.
const ASKED_FOR = new Set([0, 130, 137, 143]);

/** How one service's container does. "Running" is what Docker knows, no more (measured 34). `now` in ms. */
export function serviceHealth(container: WatchedContainer | undefined, now: number): ServiceHealth {
  if (!container) return 'absent';
  if (container.state === 'restarting') return 'crash-looping';
  if (container.state === 'running') {
    const started = Date.parse(container.startedAt ?? '');
    if (container.restartCount >= LOOP_RESTARTS && now - started < LOOP_MS) return 'crash-looping';
    if (container.health === 'unhealthy') return 'unhealthy';
    return container.health === 'starting' ? 'starting' : 'running';
  }
  if (container.state === 'paused') return 'paused';
  if (container.state === 'created') return container.exitCode ? 'failed' : 'stopped';
  if (container.state === 'dead') return 'failed';
  return ASKED_FOR.has(container.exitCode ?? 0) ? 'stopped' : 'failed';
}

/** The container of a service; while it is being recreated there are two, and the running one counts. */
export function containerOf(containers: WatchedContainer[], service: string): WatchedContainer | undefined {
  const own = containers.filter((container) => container.service === service && !container.oneOff);
  return own.find((container) => container.state === 'running') ?? own[0];
}

/** True while the service does its work, as far as Docker can tell. */
export function isUp(health: ServiceHealth): boolean {
  return health === 'running' || health === 'starting' || health === 'unhealthy';
}

/** Roles that a host in the set can't serve without; ML services may run on other servers. */
const ESSENTIAL: readonly ServiceRole[] = ['tmkms', 'node', 'api', 'proxy'];
export const isEssential = ({ role }: Pick<WatchedService, 'role'>): boolean => ESSENTIAL.includes(role);
export const isMl = ({ role }: Pick<WatchedService, 'role'>): boolean => role === 'mlnode' || role === 'inference';

/**
 * Services without which a host in the set loses rewards, and which are down: through the proxy it is asked for
 * inference. ML services count only where a container of them is here.
 */
export function downServices(services: WatchedService[], containers: WatchedContainer[], now: number): string[] {
  return services
    .filter((service) => {
      const health = serviceHealth(containerOf(containers, service.name), now);
      return !isUp(health) && (isEssential(service) || (isMl(service) && health !== 'absent'));
    })
    .map(({ name }) => name);
}

/** Of the same services, those that run and fail their own health check. */
export function unhealthyServices(services: WatchedService[], containers: WatchedContainer[], now: number): string[] {
  return services
    .filter((service) => (isEssential(service) || isMl(service)) && serviceHealth(containerOf(containers, service.name), now) === 'unhealthy')
    .map(({ name }) => name);
}

/** True while a service of this role has been up for at least `forMs`: right after a start silence is no news. */
export function upFor(services: WatchedService[], containers: WatchedContainer[], role: ServiceRole, forMs: number, now: number): boolean {
  return services.some((service) => {
    const container = containerOf(containers, service.name);
    if (service.role !== role || !isUp(serviceHealth(container, now))) return false;
    return forMs === 0 || !(now - Date.parse(container?.startedAt ?? '') < forMs);
  });
}
