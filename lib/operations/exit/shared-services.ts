import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { Words } from '#lib/operations/schema.ts';

type Services = Pick<Deployment, 'services'>;
const addresses = (): string[] => Object.values(networkInterfaces()).flatMap((card) => (card ?? []).map(({ address }) => address));

/** Where an ML node is: in this deployment, surely on another machine, or nobody can say (a name). `own`: this machine's addresses. */
export function whereIs({ host }: Pick<AdminNode, 'host'>, of: Services, own: readonly string[] = addresses()): 'here' | 'elsewhere' | 'unclear' {
  if (of.services.some((one) => one.group === 'ml' && (one.name === host || one.containerName === host))) return 'here';
  if (isIP(host) === 0) return 'unclear';
  return host.startsWith('127.') || own.includes(host) ? 'unclear' : 'elsewhere';
}

/** Why the ML services stay although `node` leaves, by the api's list; undefined where nobody else can need them. */
export function sharedBy(list: readonly AdminNode[], of: Services, node: string, own: readonly string[] = addresses()): Words | undefined {
  const mine = list.find(({ id }) => id === node);
  if (mine && whereIs(mine, of, own) !== 'here') return { code: 'exit_ml_elsewhere', params: { node, host: mine.host } };
  const others = list.filter((one) => one.id !== node && whereIs(one, of, own) !== 'elsewhere');
  return others.length > 0 ? { code: 'exit_ml_shared', params: { node, others: others.map(({ id }) => id).join(', ') } } : undefined;
}
