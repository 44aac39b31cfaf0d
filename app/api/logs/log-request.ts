import { PanelError } from '#lib/core/errors.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { parseTime } from '#lib/docker/log-time.ts';

export const DEFAULT_TAIL = 200;
export const MOST_TAIL = 100_000;
const MOST_SERVICES = 64;

export type LogRequest = { project: string; services: string[]; /** undefined = everything */ tail?: number; since?: string; until?: string };

/**
 * `?service=a&service=b&tail=200|all&since=…&until=…`, checked: only services of the current deployment (or of its
 * compose project's containers, such as one that an older file had). Throws service_unknown, no_deployment, bad_request.
 */
export async function logRequest(request: Request, defaultTail: number | undefined): Promise<LogRequest> {
  const query = new URL(request.url).searchParams;
  const deployment = await currentDeployment();
  if (!deployment) throw new PanelError('no_deployment', {}, { status: 404 });
  const project = deployment.project.name;
  const services = [...new Set(query.getAll('service'))];
  if (services.length === 0 || services.length > MOST_SERVICES) throw new PanelError('bad_request', {}, { status: 400 });
  const known = new Set(deployment.services.map((service) => service.name));
  if (services.some((name) => !known.has(name))) {
    for (const one of (await engineWatch().snapshot()).containers) if (one.project === project && one.service) known.add(one.service);
  }
  const unknown = services.find((name) => !known.has(name));
  if (unknown !== undefined) throw new PanelError('service_unknown', { service: unknown.slice(0, 80) }, { status: 404 });
  return { project, services, tail: tail(query.get('tail'), defaultTail), since: time(query.get('since')), until: time(query.get('until')) };
}

function tail(text: string | null, otherwise: number | undefined): number | undefined {
  if (text === null || text === '') return otherwise;
  if (text === 'all') return undefined;
  if (!/^\d{1,6}$/.test(text) || Number(text) > MOST_TAIL) throw new PanelError('bad_request', {}, { status: 400 });
  return Number(text);
}

function time(text: string | null): string | undefined {
  if (text === null || text === '') return undefined;
  const at = parseTime(text);
  if (!at) throw new PanelError('bad_request', {}, { status: 400 });
  return at;
}
