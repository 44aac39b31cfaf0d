import { internalPort, isInnerAddress, publishedPorts } from '#lib/deployment/internal-ports.ts';
import { serviceRole } from '#lib/deployment/services.ts';
import type { WatchedContainer } from './service-health.ts';

export type OpenPorts = {
  /** Every internal port that is published where others can reach it (every address, or a public one): the service's own port and the machine's that leads to it. */
  internal: { service: string; container: number; port: number }[];
  /** Host ports of the admin port that are published on all interfaces: 9200 may be mapped to another one. */
  admin: number[];
  /** Whether its answer carries the keyring password: v0.2.4 and before do (measured 14), later ones don't (measured 40). */
  leaks: 'yes' | 'no' | 'unknown';
  /** Other internal ports that are published on all interfaces, as host ports. */
  others: number[];
};

const ADMIN_PORT = 9200;

/** What the running containers publish to the world. `release` is the deployment's, if known; the api's image tag says it better. */
export function openPorts(containers: WatchedContainer[], release?: string): OpenPorts {
  const running = containers.filter(({ state, oneOff }) => state === 'running' && !oneOff);
  const open = running.flatMap(({ service = '', image, ports, networks }) =>
    publishedPorts(serviceRole(service, image), ports, networks)
      .filter(({ containerPort, protocol, hostPort, host }) => hostPort !== undefined && !isInnerAddress(host) && internalPort(serviceRole(service, image), containerPort, protocol))
      .map(({ containerPort, hostPort = containerPort }) => ({ service, container: containerPort, port: hostPort })));
  // A port is listed once for each address family.
  const internal = [...new Map(open.map((one) => [`${one.service} ${one.container} ${one.port}`, one])).values()];
  const hostPorts = (admin: boolean) => [...new Set(internal.filter(({ container }) => (container === ADMIN_PORT) === admin).map(({ port }) => port))].sort((a, b) => a - b);
  return { internal, admin: hostPorts(true), leaks: leaks((running.find(isApi) ?? containers.find(isApi))?.image, release), others: hostPorts(false) };
}

const isApi = ({ service = '', image }: WatchedContainer): boolean => serviceRole(service, image) === 'api';

function leaks(image: string | undefined, release: string | undefined): OpenPorts['leaks'] {
  const found = /:v?(\d+)\.(\d+)\.(\d+)/.exec(image ?? '') ?? /^v?(\d+)\.(\d+)\.(\d+)/.exec(release ?? '');
  if (!found) return 'unknown';
  const [major = 0, minor = 0, patch = 0] = found.slice(1).map(Number);
  return major === 0 && minor <= 2 && (minor < 2 || patch <= 4) ? 'yes' : 'no';
}
