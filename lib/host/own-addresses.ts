import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { seesHostNetwork } from './host-network.ts';

/** An address of this machine's own network cards. */
export type OwnAddress = { address: string; card: string };

/** Container networks and tunnels: nobody outside reaches this machine at their addresses. */
const INNER = /^(?:lo|docker|br-|veth|virbr|cni|flannel|cali|tun|tap|wg|tailscale)/;

/** Everything that isn't a public address: RFC 1918, carrier NAT, link-local, loopback, documentation, multicast. */
function isPrivate(address: string): boolean {
  const [a = 0, b = 0, c = 0] = address.split('.').map(Number);
  return a === 0 || a === 10 || a === 127 || a >= 224 || (a === 100 && b >= 64 && b < 128) || (a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 192 && b === 0 && (c === 0 || c === 2)) || (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) || (a === 203 && b === 0 && c === 113);
}

/**
 * IPv4 addresses of this machine's cards, told apart. No service outside is asked: where all of them are private, the
 * public one is a router's or a provider's, and unknown from here. None where the cards are a container's own.
 */
export async function ownAddresses({ cards = networkInterfaces(), sees = seesHostNetwork }: { cards?: ReturnType<typeof networkInterfaces>; sees?(): Promise<boolean> } = {}): Promise<{ public: OwnAddress[]; private: OwnAddress[] }> {
  if (!(await sees())) return { public: [], private: [] };
  const all = Object.entries(cards).flatMap(([card, list]) => (INNER.test(card) ? [] : (list ?? []).filter(({ address, internal }) => !internal && isIPv4(address)).map(({ address }) => ({ address, card }))));
  return { public: all.filter(({ address }) => !isPrivate(address)), private: all.filter(({ address }) => isPrivate(address)) };
}
