import type { Listener } from '#lib/host/listeners.ts';
import { hostAndPort } from './address-rules.ts';
import { publishedPort } from './plain-value-rules.ts';
import type { DeploymentProblem } from './schema.ts';
import type { WantedPort } from './wanted-ports.ts';

/** What only the machine knows, as pure functions: who looks, and where, is the caller's business. */

type Values = Record<string, string | undefined>;
/** A port that a container has now, as Docker lists it. */
type HeldPort = { hostPort?: number; protocol: string };

/**
 * Ports of the machine that two services want (facts 2.3, trap 9), and ports that another program already listens on.
 * `values` are the ones to be saved; `own` are the ports of this deployment's containers, which a recreate gives back.
 * `listeners` undefined: can't be seen, and nothing is said of them.
 */
export function portConflicts(values: Values, wanted: WantedPort[], listeners: Listener[] | undefined, own: HeldPort[]): DeploymentProblem[] {
  const problems: DeploymentProblem[] = [];
  const asked = wanted.flatMap((one) => {
    const now = withValue(one, values);
    return now.port ? [{ ...now, port: now.port }] : [];
  });
  for (const one of asked) {
    const { variable, port, service } = one;
    const other = asked.find((two) => two !== one && two.port === port && two.protocol === one.protocol && meets(two.address, one.address) && (two.variable === undefined || two.variable !== variable));
    if (other && variable) problems.push({ level: 'broken', code: 'port_collision', params: { variable, port, services: [...new Set([service, other.service])].join(', '), other: other.variable ?? other.service, fixed: other.variable ? 'no' : 'yes' } });
    if (own.some((held) => held.hostPort === port && held.protocol === one.protocol)) continue;
    const holder = listeners?.find((two) => two.port === port && two.protocol === one.protocol && meets(wildcard(two.address), one.address));
    if (!holder) continue;
    const params = { port, services: service, protocol: one.protocol, process: holder.process ?? 'unknown' };
    problems.push(variable ? { level: 'broken', code: 'port_taken', params: { variable, ...params } } : { level: 'broken', code: 'port_taken_fixed', params });
  }
  return [...new Map(problems.map((one) => [`${one.code} ${one.params.variable ?? ''} ${one.params.port}`, one])).values()];
}

/** The port as it would be with these values; an unset variable falls back to what the compose file says. */
function withValue(one: WantedPort, values: Values): WantedPort {
  if (!one.variable || (values[one.variable] === undefined && one.fallback === undefined)) return one;
  const given = publishedPort((values[one.variable] || one.fallback) ?? '');
  return { ...one, port: given?.port, address: given?.address ? wildcard(given.address) : one.address };
}

const wildcard = (address: string) => (address === '0.0.0.0' || address === '::' ? undefined : address);
const meets = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;

/** The port that P2P_EXTERNAL_ADDRESS announces against the one that leads to node's 26656 (facts 2.2); a router may forward, so it is a question. */
export function announcedPortProblems(values: Values, wanted: WantedPort[]): DeploymentProblem[] {
  const announced = hostAndPort(values.P2P_EXTERNAL_ADDRESS ?? '')?.port;
  const p2p = wanted.find((one) => one.container === 26656 && one.protocol === 'tcp');
  const published = p2p && withValue(p2p, values).port;
  if (!announced || !published || announced === published) return [];
  return [{ level: 'attention', code: 'p2p_port_differs', params: { variable: 'P2P_EXTERNAL_ADDRESS', port: announced, published, services: p2p.service } }];
}
