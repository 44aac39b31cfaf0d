import type { SeedWitness } from '#lib/chain/seeds.ts';

/** Who this host is: its node's id, and the host name that the chain has for it. */
type Itself = { nodeId?: string; url?: string };

/**
 * A seed that is this very host is no second source of a proof (law "Stop only with proof"), under whatever name it is asked. It
 * is known by its node's id; only where its RPC is closed, by the host name that this participant has on the chain.
 */
export function otherHosts(witnesses: SeedWitness[], { nodeId, url }: Itself): SeedWitness[] {
  const name = url === undefined ? undefined : URL.parse(url)?.hostname;
  const isOwn = (one: SeedWitness): boolean => (one.nodeId ? one.nodeId.toLowerCase() === nodeId?.toLowerCase() : one.place === name);
  return witnesses.map((one) => (isOwn(one) ? { place: one.place, problem: { kind: 'malformed', error: { code: 'chain_seed_is_own', params: { host: one.place } } } } : one));
}
