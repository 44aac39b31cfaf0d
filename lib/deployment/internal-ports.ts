import { BlockList, isIP } from 'node:net';
import type { ServiceRole } from './schema.ts';

/**
 * Container ports that nothing outside the host needs, by who the service is (facts 12). `ml`: an ML node on another
 * server asks it or is asked through it, so it may be bound to a private address; the others never need to leave the machine.
 */
export const INTERNAL_PORTS: readonly { role: ServiceRole; port: number; ml: boolean }[] = [
  { role: 'node', port: 26657, ml: false },
  { role: 'api', port: 9100, ml: true },
  { role: 'api', port: 9200, ml: false },
  { role: 'inference', port: 8080, ml: true },
  { role: 'inference', port: 5000, ml: true },
  // A host without the nginx in front publishes its ML nodes themselves.
  { role: 'mlnode', port: 8080, ml: true },
  { role: 'mlnode', port: 5000, ml: true },
];

/** The rule for a published port; undefined where the network needs it, or it isn't known to be internal. */
export const internalPort = (role: ServiceRole, port: number, protocol = 'tcp') => (protocol === 'tcp' ? INTERNAL_PORTS.find((one) => one.role === role && one.port === port) : undefined);

/**
 * What a container publishes. One in the machine's own network (`network_mode: host`) publishes nothing by Docker's list:
 * whatever it listens on is the machine's, as far as anybody knows at every address.
 */
export const publishedPorts = <P extends { host?: string; hostPort?: number; containerPort: number; protocol: string }>(role: ServiceRole, ports: readonly P[], networks: readonly { name: string }[] = []) =>
  networks.some(({ name }) => name === 'host') ? INTERNAL_PORTS.filter((one) => one.role === role).map(({ port }) => ({ host: '0.0.0.0', hostPort: port, containerPort: port, protocol: 'tcp' })) : ports;

export const LOOPBACK = '127.0.0.1';

const inner = new BlockList();
for (const [net, prefix] of [['127.0.0.0', 8], ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10]] as const) inner.addSubnet(net, prefix, 'ipv4');
inner.addAddress('::1', 'ipv6');
inner.addSubnet('fc00::', 7, 'ipv6');
inner.addSubnet('fe80::', 10, 'ipv6');

/** Loopback, or an address of a private network (RFC 1918, RFC 6598, RFC 4193). Not "every address". */
export function isInnerAddress(address: string | undefined): boolean {
  const family = isIP(address ?? '');
  return family !== 0 && inner.check(address as string, family === 4 ? 'ipv4' : 'ipv6');
}
