import type { Container } from './schema.ts';

/** Where a running container's port is reached from this machine, such as `http://172.18.0.4:8080`; undefined while it doesn't run or has no address. */
export function containerUrl({ state, networks }: Pick<Container, 'state' | 'networks'>, port: number): string | undefined {
  const address = networks.find((network) => network.address)?.address ?? (networks.some(({ name }) => name === 'host') ? '127.0.0.1' : undefined);
  return state === 'running' && address ? `http://${address.includes(':') ? `[${address}]` : address}:${port}` : undefined;
}
