import type { Container } from '#lib/docker/client.ts';

type Node = { id: string; host: string; baseUrl?: string; pocPort: number; pocSegment?: string };
type Reachable = Pick<Container, 'service' | 'state' | 'oneOff' | 'networks'>;
/** Where an ML node's API is reached from the panel. `local`: its container runs in the network node's own project. */
export type CardTarget = { url: string; host: string; local: boolean; nodes: string[] };

/**
 * Which ML nodes to ask for their cards: a service name is only known inside Docker, so its container's address takes its
 * place; everything else is asked as it is written. A service without a running container can't be asked. `services`: names
 * of the deployment's services.
 */
export function cardTargets(nodes: readonly Node[], containers: readonly Reachable[], services: readonly string[]): CardTarget[] {
  const found = new Map<string, CardTarget>();
  for (const node of nodes) {
    const target = targetOf(node, containers, services);
    if (!target) continue;
    const known = found.get(target.url);
    if (known) known.nodes.push(node.id);
    else found.set(target.url, { ...target, nodes: [node.id] });
  }
  return [...found.values()];
}

function targetOf(node: Node, containers: readonly Reachable[], services: readonly string[]): Omit<CardTarget, 'nodes'> | undefined {
  const segment = (node.pocSegment ?? '').replace(/\/+$/, '');
  if (node.baseUrl) {
    const url = URL.canParse(node.baseUrl) ? new URL(node.baseUrl) : undefined;
    return url && { url: url.href.replace(/\/+$/, ''), host: url.hostname, local: false };
  }
  if (!/^(\[[0-9a-f:.]+\]|[^\s/:@?#[\]]+)$/i.test(node.host) || node.pocPort < 1 || node.pocPort > 65535) return undefined;
  const ours = containers.filter(({ service, oneOff }) => service === node.host && !oneOff);
  if (ours.length > 0 || services.includes(node.host)) {
    const address = ours.find(({ state }) => state === 'running')?.networks.find((one) => one.address)?.address;
    return address ? { url: `http://${address.includes(':') ? `[${address}]` : address}:${node.pocPort}${segment}`, host: node.host, local: true } : undefined;
  }
  const url = `http://${node.host}:${node.pocPort}${segment}`;
  return URL.canParse(url) ? { url, host: node.host, local: /^(localhost|127(\.\d+){3})$/.test(node.host) } : undefined;
}
