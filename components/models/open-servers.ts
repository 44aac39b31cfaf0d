import type { ServerFit } from './models-data.ts';

/** Most pictures that are open at once. */
const MOST = 3;

/** Which servers of a model are worth looking at: those that it fits on; when there are none, the one that misses least. The rest stands behind "more". */
export function openServers(servers: readonly ServerFit[]): { open: ServerFit[]; rest: ServerFit[] } {
  const fit = servers.filter((one) => one.fits);
  const nearest = servers.toSorted((a, b) => b.marginGb - a.marginGb)[0];
  const open = fit.length > 0 ? fit.slice(0, MOST) : nearest ? [nearest] : [];
  return { open, rest: servers.filter((one) => !open.includes(one)) };
}
