import { containerOf, type WatchedContainer } from './service-health.ts';

/** Container ports that nothing outside the host needs, by service role as upstream names it (facts 12). */
export const INTERNAL_SERVICE_PORTS: readonly { service: string; port: number }[] = [
  { service: 'node', port: 26657 },
  { service: 'api', port: 9100 },
  { service: 'api', port: 9200 },
  { service: 'inference', port: 8080 },
  { service: 'inference', port: 5000 },
];

export type OpenPorts = {
  /** Every internal port that is published on all interfaces: the service's own port and the machine's that leads to it. */
  internal: { service: string; container: number; port: number }[];
  /** Host ports of the admin port that are published on all interfaces: 9200 may be mapped to another one. */
  admin: number[];
  /** Whether its answer carries the keyring password: v0.2.4 and before do (measured 14), later ones don't (measured 40). */
  leaks: 'yes' | 'no' | 'unknown';
  /** Other internal ports that are published on all interfaces, as host ports. */
  others: number[];
};

const ADMIN_PORT = 9200;

/** Everywhere: no address given, or the unspecified one of either family. */
const everywhere = (host: string | undefined): boolean => host === undefined || host === '' || host === '0.0.0.0' || host === '::';

/** What the running containers publish to the world. `release` is the deployment's, if known; the api's image tag says it better. */
export function openPorts(containers: WatchedContainer[], release?: string): OpenPorts {
  const open = INTERNAL_SERVICE_PORTS.flatMap(({ service, port }) => {
    const container = containerOf(containers, service);
    if (container?.state !== 'running') return [];
    return container.ports
      .filter((each) => each.containerPort === port && each.protocol === 'tcp' && each.hostPort !== undefined && everywhere(each.host))
      .map((each) => ({ service, container: port, port: each.hostPort ?? port }));
  });
  // A port is listed once for each address family.
  const internal = [...new Map(open.map((one) => [`${one.service} ${one.container} ${one.port}`, one])).values()];
  const hostPorts = (admin: boolean) => [...new Set(internal.filter(({ container }) => (container === ADMIN_PORT) === admin).map(({ port }) => port))].sort((a, b) => a - b);
  return { internal, admin: hostPorts(true), leaks: leaks(containerOf(containers, 'api')?.image, release), others: hostPorts(false) };
}

function leaks(image: string | undefined, release: string | undefined): OpenPorts['leaks'] {
  const found = /:v?(\d+)\.(\d+)\.(\d+)/.exec(image ?? '') ?? /^v?(\d+)\.(\d+)\.(\d+)/.exec(release ?? '');
  if (!found) return 'unknown';
  const [major = 0, minor = 0, patch = 0] = found.slice(1).map(Number);
  return major === 0 && minor <= 2 && (minor < 2 || patch <= 4) ? 'yes' : 'no';
}
