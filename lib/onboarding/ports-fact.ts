import { portConflicts } from '#lib/deployment/config-checks.ts';
import type { WantedPort } from '#lib/deployment/wanted-ports.ts';
import type { Container } from '#lib/docker/schema.ts';
import type { Listener } from '#lib/host/listeners.ts';
import type { PrerequisiteFacts, TakenPort } from './prerequisite-facts.ts';

/** What upstream's files publish before any directory is chosen (facts 1.1 and 1.2). */
const USUAL: [number, string][] = [[5000, 'node'], [8000, 'proxy'], [8443, 'proxy'], [9100, 'api'], [9200, 'api'], [8080, 'inference'], [5050, 'inference']];
/** What holds a container's port on the machine; it says nothing of whose container it is. */
const DOCKERS = ['docker-proxy', 'dockerd', 'rootlesskit'];

/** Whether a program is Docker's own: stopping it is never the remedy for a port in use. */
export const isDockers = (process: string | undefined): boolean => process !== undefined && DOCKERS.includes(process);

type Seen = {
  /** The chosen deployment's compose project; undefined while no directory is chosen. */
  project: string | undefined;
  engineKnown: boolean;
  containers: Pick<Container, 'name' | 'project' | 'ports'>[];
  wanted: WantedPort[] | undefined;
  heard: Listener[] | undefined;
  /** Milliseconds. */
  at: number;
};

/**
 * Which wanted ports somebody else has. Before a directory is chosen a container that has one may well be this host's own:
 * then it is unknown (`containers`), never "stop it".
 */
export function portsFact({ project, engineKnown, containers, wanted, heard, at }: Seen): PrerequisiteFacts['ports'] {
  const base = { source: '/proc/net', at };
  if (!heard) return { ...base, why: 'container' };
  const chosen = project !== undefined;
  if (chosen && !wanted) return { ...base, why: 'compose' };
  // Without Docker it isn't known which of the listeners are this deployment's own.
  if (chosen && !engineKnown) return { ...base, why: 'engine' };
  const asked: WantedPort[] = wanted ?? USUAL.map(([port, service]) => ({ port, service, container: port, protocol: 'tcp' }));
  const own = containers.filter((one) => chosen && one.project === project).flatMap(({ ports }) => ports);
  const taken = portConflicts({}, asked, heard, own).flatMap(({ code, params }): TakenPort[] => {
    if (code === 'port_collision') return [];
    const [port, protocol] = [Number(params.port), String(params.protocol)];
    const container = containers.find(({ ports }) => ports.some((one) => one.hostPort === port && one.protocol === protocol))?.name;
    return [{ port, protocol, service: String(params.services), ...(params.process === 'unknown' ? {} : { process: String(params.process) }), ...(container ? { container } : {}) }];
  });
  const value = (list: TakenPort[]) => ({ ...base, value: { wanted: asked.filter(({ port }) => port !== undefined).length, taken: list } });
  if (chosen) return value(taken);
  const dockers = ({ container, process }: TakenPort) => container !== undefined || (process === undefined ? !engineKnown : isDockers(process));
  const foreign = taken.filter((one) => !dockers(one));
  if (foreign.length > 0 || taken.length === 0) return value(foreign);
  return { ...base, why: engineKnown ? 'containers' : 'engine' };
}
