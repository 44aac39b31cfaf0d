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
  /** The admin port is published on all interfaces. */
  admin: boolean;
  /** Whether its answer carries the keyring password: v0.2.4 and before do (measured 14), later ones don't (measured 40). */
  leaks: 'yes' | 'no' | 'unknown';
  /** Other internal ports that are published on all interfaces, as host ports. */
  others: number[];
};

/** Everywhere: no address given, or the unspecified one of either family. */
const everywhere = (host: string | undefined): boolean => host === undefined || host === '' || host === '0.0.0.0' || host === '::';

/** What the running containers publish to the world. `release` is the deployment's, if known; the api's image tag says it better. */
export function openPorts(containers: WatchedContainer[], release?: string): OpenPorts {
  const open = INTERNAL_SERVICE_PORTS.flatMap(({ service, port }) => {
    const container = containerOf(containers, service);
    if (container?.state !== 'running') return [];
    return container.ports
      .filter((each) => each.containerPort === port && each.protocol === 'tcp' && each.hostPort !== undefined && everywhere(each.host))
      .map((each) => ({ service, port, hostPort: each.hostPort ?? port }));
  });
  const admin = open.some(({ port }) => port === 9200);
  const others = [...new Set(open.filter(({ port }) => port !== 9200).map(({ hostPort }) => hostPort))].sort((a, b) => a - b);
  return { admin, leaks: leaks(containerOf(containers, 'api')?.image, release), others };
}

function leaks(image: string | undefined, release: string | undefined): OpenPorts['leaks'] {
  const found = /:v?(\d+)\.(\d+)\.(\d+)/.exec(image ?? '') ?? /^v?(\d+)\.(\d+)\.(\d+)/.exec(release ?? '');
  if (!found) return 'unknown';
  const [major = 0, minor = 0, patch = 0] = found.slice(1).map(Number);
  return major === 0 && minor <= 2 && (minor < 2 || patch <= 4) ? 'yes' : 'no';
}
