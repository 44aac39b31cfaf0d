import { everywhere, type InternalPort } from '#lib/deployment/port-overrides.ts';
import type { Container } from '#lib/docker/client.ts';
import type { Listener } from '#lib/host/listeners.ts';

/** `9200-9205` → each of them; empty for a port that Docker chooses. */
const numbers = (published: string): number[] => {
  const [first = Number.NaN, last = first] = published.split('-').map(Number);
  return Number.isInteger(first) && first > 0 && last - first < 1000 ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
};
/** Nobody outside this machine reaches it. */
const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
const shown = (address: string, port: number) => `${everywhere(address) ? '*' : address}:${port}`;

/**
 * Where an internal port is reached although it shouldn't: by Docker's own list of what running containers publish, and by
 * the kernel's listeners that are no loopback ones, whoever holds them. `listening`: where the kernel says that somebody listens as wanted.
 */
export function strayListeners(wanted: InternalPort[], containers: Container[], heard: Listener[] | undefined): { stray: string[]; listening: string[] } {
  const running = containers.filter(({ state, oneOff }) => state === 'running' && !oneOff);
  const here = wanted.filter(({ service }) => running.some((one) => one.service === service));
  const allowed = new Map<number, Set<string>>();
  for (const { published, address } of here) for (const port of numbers(published)) allowed.set(port, (allowed.get(port) ?? new Set()).add(address));
  const published = running.flatMap(({ service, ports }) => ports.flatMap(({ host = '', hostPort, containerPort, protocol }) => {
    const own = here.filter((one) => one.service === service && one.container === containerPort);
    return protocol === 'tcp' && hostPort !== undefined && own.length > 0 && !own.some(({ address }) => address === host || (everywhere(address) && everywhere(host))) ? [shown(host, hostPort)] : [];
  }));
  const listening: string[] = [];
  const open = (heard ?? []).flatMap(({ protocol, port, address }) => {
    const addresses = protocol === 'tcp' ? allowed.get(port) : undefined;
    if (!addresses) return [];
    // At another loopback address it is another program's, and as closed as it should be.
    if (!addresses.has(address)) return isLoopback(address) ? [] : [shown(address, port)];
    listening.push(shown(address, port));
    return [];
  });
  return { stray: [...new Set([...published, ...open])], listening: [...new Set(listening)] };
}
