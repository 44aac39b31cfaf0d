import type { HostPicture, Params } from './host-picture.ts';
import { mlNodeNeeds } from './ml-node-needs.ts';
import { networkNeeds } from './network-needs.ts';
import { need, type Need } from './need.ts';
import { openPorts } from './open-ports.ts';
import { containerOf, isEssential, isMl, isUp, serviceHealth, type WatchedContainer, type WatchedService, type ServiceHealth } from './service-health.ts';

export type { Need } from './need.ts';

const LEVELS = ['broken', 'attention', 'unknown'];
/** Within a level: what costs most comes first; what isn't named here comes after, in the order it was found. */
const FIRST = ['port_9200_leaks', 'engine_stopped', 'engine_absent', 'consensus_key_differs', 'node_wrong_chain', 'services_many', 'service_crash_looping', 'service_failed', 'service_down_in_set', 'node_no_new_blocks', 'node_behind', 'api_silent', 'ml_admin_wedged', 'port_9200_open', 'no_deployment', 'nothing_started', 'not_registered', 'grants_missing', 'not_in_set', 'zero_weight'];
/** More services than this with the same trouble are one entry: at 3 a.m. a list of twelve hides the cause. */
const TOGETHER = 3;
const DAY_MS = 86_400_000;

/** What needs the operator, worst first, each with at most one action. Pure: the same facts give the same list. */
export function needsYou(picture: HostPicture): Need[] {
  const needs = [...machine(picture), ...services(picture), ...exposed(picture), ...networkNeeds(picture), ...mlNodeNeeds(picture), ...operations(picture)];
  const rank = ({ level, code }: Need): number => LEVELS.indexOf(level) * 100 + (FIRST.includes(code) ? FIRST.indexOf(code) : FIRST.length);
  return needs.map((each, i) => ({ each, i })).sort((a, b) => rank(a.each) - rank(b.each) || a.i - b.i).map(({ each }) => each);
}

function machine({ engine, deployment }: HostPicture): Need[] {
  const list: Need[] = [];
  if (engine.state !== 'ok' && engine.state !== 'unknown') {
    const code = `engine_${engine.state}`;
    const level = engine.state === 'stopped' || engine.state === 'absent' ? 'broken' : 'unknown';
    list.push({ id: code, level, code, key: `errors.${code}`, params: { socket: engine.socket, detail: engine.detail } });
  }
  if (deployment.state === 'absent') list.push(need('attention', 'no_deployment', {}, '/deployment'));
  if (deployment.state === 'unknown') {
    const { code, params = {} } = deployment.error;
    list.push({ id: `deployment ${code}`, level: 'attention', code, key: `errors.${code}`, params, action: { label: 'needs.deployment_problem.action', href: '/deployment' } });
  }
  for (const [i, { level, code, params }] of deployment.state === 'ok' ? deployment.problems.entries() : []) {
    list.push({ id: `problem ${code} ${i}`, level, code, key: `deployment.problems.${code}`, params, action: { label: 'needs.deployment_problem.action', href: '/deployment' } });
  }
  return list;
}

type Judged = WatchedService & { container?: WatchedContainer; health: ServiceHealth };

function services({ engine, deployment, services: known, containers, network, now }: HostPicture): Need[] {
  if (engine.state !== 'ok' || deployment.state !== 'ok') return [];
  const inSet = network?.participants.state === 'ok' && network.own.value?.inSet === true;
  const judged = known.map((service): Judged => {
    const container = containerOf(containers, service.name);
    return { ...service, ...(container ? { container } : {}), health: serviceHealth(container, now) };
  });
  const chain = judged.filter(({ role }) => role !== 'proxy').filter(isEssential);
  const apiUp = judged.some(({ role, health }) => role === 'api' && isUp(health));
  if (!inSet && chain.every(({ health }) => health === 'absent' || health === 'stopped')) return [need('attention', 'nothing_started', {}, '/services')];

  const found = judged.flatMap((service) => {
    const one = serviceNeed(service, inSet, apiUp);
    return one ? [{ one, name: service.name }] : [];
  });
  return [...Map.groupBy(found, ({ one }) => `${one.level} ${one.code}`).values()].flatMap((group): Need[] => {
    const first = group[0];
    if (!first || group.length <= TOGETHER) return group.map(({ one }) => one);
    const names = group.map(({ name }) => name).join(', ');
    return [need(first.one.level, 'services_many', { count: group.length, services: names, kind: first.one.code }, '/services', `services_many ${first.one.code}`)];
  });
}

function serviceNeed(service: Judged, inSet: boolean, apiUp: boolean): Need | undefined {
  const { name, role, health, container } = service;
  const needed = role !== 'explorer' && role !== 'other';
  const logs = `/logs?service=${encodeURIComponent(name)}`;
  const page = `/services/${encodeURIComponent(name)}`;
  const about = (level: Need['level'], code: string, href: string, params: Params = {}): Need => need(level, code, { service: name, ...params }, href, `${code} ${name}`);
  switch (health) {
    case 'crash-looping':
      return about(needed ? 'broken' : 'attention', 'service_crash_looping', logs, { restarts: container?.restartCount ?? 0 });
    case 'failed':
      return about(needed ? 'broken' : 'attention', 'service_failed', logs, { exit: container?.exitCode ?? 0 });
    case 'unhealthy':
      return about(isEssential(service) ? 'broken' : 'attention', 'service_unhealthy', logs);
    case 'paused':
      return about(needed ? 'broken' : 'attention', 'service_paused', page);
    case 'stopped':
      if (inSet && (isEssential(service) || isMl(service))) return about('broken', 'service_down_in_set', page);
      return needed ? about('attention', 'service_stopped', page) : undefined;
    case 'absent':
      // ML services may run on other servers, and others may be left out on purpose.
      if (inSet && isEssential(service)) return about('broken', 'service_down_in_set', page);
      // The first start is of tmkms and node alone; without api there is nothing behind the proxy.
      return isEssential(service) && (role !== 'proxy' || apiUp) ? about('attention', 'service_absent', '/services') : undefined;
    default:
      return undefined;
  }
}

/** The card that closes them. */
const EXPOSURE = '/onboarding/prerequisites#exposure';

function exposed({ deployment, containers }: HostPicture): Need[] {
  const { leaks, admin, others } = openPorts(containers, deployment.state === 'ok' ? deployment.release : undefined);
  const list: Need[] = [];
  if (admin.length > 0) list.push(leaks === 'no' ? need('broken', 'port_9200_open', { port: admin.join(', ') }, EXPOSURE) : need('broken', 'port_9200_leaks', { sure: leaks, port: admin.join(', ') }, EXPOSURE));
  if (others.length > 0) list.push(need('attention', 'ports_open', { ports: others.join(', '), count: others.length }, EXPOSURE));
  return list;
}

function operations({ lastOperation, now }: HostPicture): Need[] {
  if (!lastOperation || (lastOperation.state !== 'failed' && lastOperation.state !== 'interrupted')) return [];
  if (lastOperation.endedAt && now - Date.parse(lastOperation.endedAt) > DAY_MS) return [];
  // A message's `select` knows no hyphens.
  const params = { kind: lastOperation.kind.replaceAll('-', '_'), target: lastOperation.target ?? '' };
  return [need('attention', `operation_${lastOperation.state}`, params, `/history/${encodeURIComponent(lastOperation.id)}`, `operation ${lastOperation.id}`)];
}
