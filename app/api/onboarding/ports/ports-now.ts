import type { PortRow, PortsNow } from '#components/onboarding/ports-data.ts';
import { clock } from '#lib/core/clock.ts';
import { composeConfigurationOf } from '#lib/deployment/deployment.ts';
import { INTERNAL_PORTS, internalPort, isInnerAddress, LOOPBACK, publishedPorts } from '#lib/deployment/internal-ports.ts';
import { maskedDiff } from '#lib/deployment/line-diff.ts';
import { isOwnPortFile, PORT_FILE_NAMES, readPortFile } from '#lib/deployment/port-files.ts';
import { everywhere } from '#lib/deployment/port-overrides.ts';
import type { ComposeConfiguration, Deployment } from '#lib/deployment/schema.ts';
import { serviceRole } from '#lib/deployment/services.ts';
import type { Container } from '#lib/docker/schema.ts';
import { composeVersion } from '#lib/docker/compose.ts';
import { isAtLeast, OVERRIDE_SINCE } from '#lib/docker/compose-version.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { hostAddresses } from '#lib/host/host-addresses.ts';
import { seesHostNetwork } from '#lib/host/host-network.ts';
import { type Listener, listeners } from '#lib/host/listeners.ts';
import { portPlan } from '#lib/operations/ports/plan.ts';
import { openPorts } from '#lib/watch/open-ports.ts';

/** Every internal port by compose, Docker and the kernel, and what closing them to `asked` would write and recreate. Changes nothing. Throws compose_*, engine_*, ports_file_foreign. */
export async function portsNow(of: Deployment, asked: string | undefined): Promise<PortsNow> {
  const addresses = await hostAddresses(isInnerAddress);
  const callback = callbackHost(of.values.DAPI_API__POC_CALLBACK_URL);
  const severalServers = callback !== undefined && callback !== 'api' && callback !== 'localhost' && callback !== LOOPBACK;
  // Where ML nodes call back to is where they reach this machine.
  const address = asked ?? (severalServers && addresses?.some((one) => one.address === callback) ? callback : LOOPBACK);
  const [plan, { containers }, config, version, sees] = await Promise.all([portPlan(of, address), engineWatch().snapshot(), composeConfigurationOf(of), composeVersion(of.dir), seesHostNetwork()]);
  const own = (await Promise.all(PORT_FILE_NAMES.map((name) => isOwnPortFile(of.dir, name)))).some(Boolean);
  const diffs = await Promise.all(plan.overrides.files.map(async ({ name, text }) => ({ name, diff: maskedDiff((await readPortFile(of.dir, name)).text ?? '', text ?? '') })));
  const files = diffs.filter(({ diff }) => diff.some(({ kind }) => kind !== 'same'));
  const mine = containers.filter(({ project, oneOff }) => project === of.project.name && !oneOff);
  return {
    at: clock.now(),
    rows: portRows({ config, containers: mine, heard: sees ? await listeners() : undefined }),
    leaks: openPorts(mine, of.release).leaks,
    compose: { ...(version ? { version } : {}), knowsOverride: version !== undefined && isAtLeast(version, OVERRIDE_SINCE), least: OVERRIDE_SINCE },
    ...(addresses ? { addresses } : {}), severalServers, address, files,
    close: plan.params, ...(own ? { reopen: (await portPlan(of, undefined)).params } : {}),
    nothingToDo: files.length === 0 && plan.services.length === 0,
  };
}

function callbackHost(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).hostname : undefined;
}

type Seen = { config: ComposeConfiguration | undefined; containers: Container[]; heard: Listener[] | undefined };

/** Each internal port that the files or a running container publish, the admin port first. */
export function portRows({ config, containers, heard }: Seen): PortRow[] {
  const rows = new Map<string, PortRow>();
  const row = (service: string, container: number, published: string): PortRow => {
    const key = `${service} ${container} ${published}`;
    const known = rows.get(key) ?? { service, container, published, docker: [], state: 'closed' as const };
    rows.set(key, known);
    return known;
  };
  for (const [service, { image, ports, network_mode: network }] of Object.entries(config?.services ?? {})) {
    // In the machine's own network it listens on its own ports, at every address, and publishes none.
    if (network === 'host') for (const { port } of INTERNAL_PORTS.filter(({ role }) => role === serviceRole(service, image ?? ''))) row(service, port, String(port)).config = '';
    for (const { target, protocol, published, host_ip } of ports) {
      if (!internalPort(serviceRole(service, image ?? ''), target, protocol)) continue;
      const one = row(service, target, String(published ?? ''));
      // Bound twice: the open one counts.
      one.config = one.config !== undefined && !isInnerAddress(one.config) ? one.config : everywhere(host_ip) ? '' : (host_ip as string);
    }
  }
  for (const { service = '', image, state, ports, networks } of containers) {
    for (const { containerPort, hostPort, host, protocol } of state === 'running' ? publishedPorts(serviceRole(service, image), ports, networks) : []) {
      if (hostPort === undefined || !internalPort(serviceRole(service, image), containerPort, protocol)) continue;
      const one = row(service, containerPort, String(hostPort));
      one.docker = [...new Set([...one.docker, everywhere(host) ? '' : (host as string)])];
    }
  }
  for (const one of rows.values()) {
    if (heard) one.kernel = [...new Set(heard.filter(({ protocol, port }) => protocol === 'tcp' && String(port) === one.published).map(({ address }) => (everywhere(address) ? '' : address)))];
    // Docker that can't be asked says nothing: then the kernel's word is enough.
    const now = [...one.docker, ...(one.kernel ?? [])];
    one.state = now.some((address) => !isInnerAddress(address)) ? 'open' : one.config !== undefined && !isInnerAddress(one.config) ? 'planned' : 'closed';
  }
  const rank = ({ container }: PortRow) => (container === 9200 ? 0 : 1);
  return [...rows.values()].sort((a, b) => rank(a) - rank(b) || a.service.localeCompare(b.service) || a.container - b.container);
}
