import type { Container } from '#lib/docker/client.ts';

/** `tmkms: running, node: exited (1)`, two containers of one service as `created + exited (137)`: the engine's own words, for the record. */
export function inWords(affected: { service: { name: string }; container?: Container; others?: Container[] }[]): string {
  const state = (one: Container) => one.state + (one.state === 'exited' && one.exitCode !== undefined ? ` (${one.exitCode})` : '');
  return affected.map(({ service, container, others = [] }) => `${service.name}: ${container ? [container, ...others].map(state).join(' + ') : '-'}`).join(', ');
}
