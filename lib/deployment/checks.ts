import { stat } from 'node:fs/promises';
import path from 'node:path';
import { hostPlaces } from './host-places.ts';
import type { ComposeConfiguration, DeploymentProblem, DeploymentService } from './schema.ts';

/** `node_config.json`, `nginx.conf`: a mount that must be a file. `.tmkms` is a directory. */
const FILE_TARGET = /\/[^/.][^/]*\.[A-Za-z0-9]+$/;
const NODE_CONFIG = '/root/node_config.json';

/**
 * Files that are mounted and not there: Docker makes a directory of that name instead, and the service fails.
 * Inside a container of its own the panel sees the deployment directory and what else is mounted; the rest isn't judged.
 */
export async function mountProblems(dir: string, services: DeploymentService[], visible = hostPlaces()): Promise<DeploymentProblem[]> {
  const problems: DeploymentProblem[] = [];
  for (const service of services) {
    if (!service.active) continue;
    for (const { source, target } of service.mounts) {
      if (!FILE_TARGET.test(target)) continue;
      const inside = source === dir || source.startsWith(dir + path.sep);
      if (!inside && !(await visible(path.dirname(source)))) continue;
      const info = await stat(/*turbopackIgnore: true*/ source).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' || error.code === 'ENOTDIR' ? undefined : null));
      if (info === null) continue; // may not look: unknown, not bad
      const shown = inside ? path.relative(dir, source) || '.' : source;
      const prefix = target === NODE_CONFIG ? 'node_config' : 'mount';
      const at: DeploymentProblem['params'] = target === NODE_CONFIG ? { variable: 'NODE_CONFIG' } : {};
      if (!info) problems.push({ level: 'broken', code: `${prefix}_missing`, params: { ...at, path: shown, services: service.name } });
      else if (info.isDirectory()) problems.push({ level: 'broken', code: `${prefix}_directory`, params: { ...at, path: shown, services: service.name } });
    }
  }
  return problems;
}

/** Two active services that want the same host port (facts 2.3, trap 9). */
export function portProblems(config: ComposeConfiguration, services: DeploymentService[]): DeploymentProblem[] {
  const taken: { key: string; address: string; service: string }[] = [];
  const problems = new Map<string, Set<string>>();
  for (const { name, active } of services) {
    if (!active) continue;
    for (const port of config.services[name]?.ports ?? []) {
      if (port.published === undefined || `${port.published}`.includes('-') || `${port.published}` === '0' || port.published === '') continue;
      const key = `${port.published}/${port.protocol ?? 'tcp'}`;
      const address = port.host_ip && port.host_ip !== '0.0.0.0' && port.host_ip !== '::' ? port.host_ip : '';
      for (const other of taken) {
        if (other.key !== key || (other.address !== address && other.address !== '' && address !== '')) continue;
        const names = problems.get(key) ?? new Set<string>();
        problems.set(key, names.add(other.service).add(name));
      }
      taken.push({ key, address, service: name });
    }
  }
  return [...problems].map(([port, names]) => ({ level: 'broken' as const, code: 'port_twice', params: { port: port.replace(/\/tcp$/, ''), services: [...names].join(', ') } }));
}
