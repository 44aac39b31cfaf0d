import path from 'node:path';
import type { PathFacts } from '#lib/host/paths.ts';
import type { DeploymentProblem, DeploymentService } from './schema.ts';

type Values = Record<string, string | undefined>;

/** Upstream's default where no certificate directory is named. */
const CERT_DIR = './secrets/nginx-ssl';
const CERT_FILES = ['cert.pem', 'private.key'];
const GB = 1e9;
/** The largest model whose size is documented takes about 230 GB (facts 10.3). */
const MODEL_BYTES = 230 * GB;
/** In a cache that holds something already: enough for the compiled kernels and partial downloads beside it. */
const REST_BYTES = 20 * GB;

/**
 * The paths that the values name, absolute, for pathFacts. A path that starts with `~` depends on who runs compose and
 * isn't looked at; a rule of its own names it.
 */
export function configPaths(values: Values, dir: string): { variable: string; path: string }[] {
  const found: { variable: string; path: string }[] = [];
  const add = (variable: string, value: string | undefined, below?: string) => {
    if (value && /^[./]/.test(value) && !value.includes(':')) found.push({ variable, path: path.resolve(/*turbopackIgnore: true*/ dir, value, below ?? '') });
  };
  add('HF_HOME', values.HF_HOME);
  add('NODE_CONFIG', values.NODE_CONFIG);
  if (values.NGINX_MODE === 'https' || values.NGINX_MODE === 'both') for (const file of CERT_FILES) add('SSL_CERT_SOURCE', values.SSL_CERT_SOURCE || CERT_DIR, file);
  return found;
}

/**
 * What is wrong with these paths, by the facts of pathFacts for each of configPaths. Unknown isn't bad: a path without
 * facts, or one that can't be seen, gives nothing. Only what active services read is judged.
 */
export function pathProblems(values: Values, dir: string, services: DeploymentService[], facts: ReadonlyMap<string, PathFacts>): DeploymentProblem[] {
  const problems: DeploymentProblem[] = [];
  const readers = (name: string) => services.filter((one) => one.active && one.variables.includes(name)).map((one) => one.name).join(', ');
  const issuer = services.some((one) => one.active && one.variables.includes('ACME_DNS_PROVIDER'));
  const certificates: string[] = [];
  for (const { variable, path: place } of configPaths(values, dir)) {
    const names = readers(variable);
    const found = facts.get(place);
    if (!names || !found || 'unknown' in found) continue;
    const add = (level: DeploymentProblem['level'], code: string, params: DeploymentProblem['params'] = {}) => problems.push({ level, code, params: { variable, path: place, services: names, ...params } });
    if (variable === 'NODE_CONFIG') {
      if (!found.exists) add('broken', 'node_config_missing');
      else if (found.directory) add('broken', 'node_config_directory');
    } else if (variable === 'SSL_CERT_SOURCE') {
      if (!found.exists) certificates.push(place);
    } else {
      if (found.exists && !found.directory) add('broken', 'path_not_directory');
      else if (!found.exists) add('attention', 'path_missing');
      else if (!found.writable) add('attention', 'path_not_writable');
      const needed = found.exists && !found.empty ? REST_BYTES : MODEL_BYTES;
      if (found.freeBytes < needed) add('attention', 'path_room', { free: Math.floor(found.freeBytes / GB), needed: needed / GB, empty: needed === MODEL_BYTES ? 'yes' : 'no' });
    }
  }
  // With proxy-ssl they are still to come; without it the proxy's nginx has nothing to start TLS with.
  if (certificates.length > 0 && !issuer) problems.push({ level: 'broken', code: 'certificate_missing', params: { variable: 'SSL_CERT_SOURCE', path: path.dirname(certificates[0] as string), files: certificates.map((one) => path.basename(one)).join(', '), services: readers('SSL_CERT_SOURCE') } });
  return problems;
}
