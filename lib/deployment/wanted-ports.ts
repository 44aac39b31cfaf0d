import path from 'node:path';
import { readComposeYaml } from './compose-yaml.ts';
import { INTERNAL_PORTS } from './internal-ports.ts';
import { publishedPort } from './plain-value-rules.ts';
import type { ComposeConfiguration, DeploymentService } from './schema.ts';

/** A port of the machine that an active service publishes. `variable`: whose value it is, with the default written for it. */
export type WantedPort = { service: string; container: number; protocol: string; /** Undefined: every address. */ address?: string; /** Undefined: a range, or chosen by Docker. */ port?: number; variable?: string; fallback?: string };

/** `${API_PORT:-8000}:80`, with an address in front and a protocol behind it or not. */
const WRITTEN = /^(?:([\d.]+):)?\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?:(\d+)(?:\/(\w+))?$/;

/** Which variable stands for which port, from the compose files as written: the interpolated configuration has numbers only. */
export async function portVariables(dir: string, files: string[]): Promise<Map<string, { variable: string; fallback?: string }>> {
  const found = new Map<string, { variable: string; fallback?: string }>();
  for (const file of files) {
    const yaml = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ dir, file)).catch(() => undefined);
    for (const [service, { ports }] of Object.entries(yaml?.services ?? {})) {
      for (const written of Array.isArray(ports) ? ports : []) {
        const short = typeof written === 'string' ? WRITTEN.exec(written) : undefined;
        if (short) found.set(key(service, Number(short[4]), short[5]), { variable: short[2] as string, fallback: short[3] || undefined });
        const long = written && typeof written === 'object' ? (written as Record<string, unknown>) : undefined;
        const published = long ? /^\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?$/.exec(String(long.published ?? '')) : undefined;
        if (long && published) found.set(key(service, Number(long.target), typeof long.protocol === 'string' ? long.protocol : undefined), { variable: published[1] as string, fallback: published[2] || undefined });
      }
    }
  }
  return found;
}

/** What compose's own answer publishes, each with the variable behind it; of a service in the machine's own network the internal ports that it listens on. */
export function wantedPorts(config: ComposeConfiguration, services: DeploymentService[], variables: Map<string, { variable: string; fallback?: string }>): WantedPort[] {
  return services.filter((one) => one.active).flatMap(({ name, role }) => [
    ...(config.services[name]?.network_mode === 'host' ? INTERNAL_PORTS.filter((one) => one.role === role).map(({ port }): WantedPort => ({ service: name, container: port, protocol: 'tcp', port })) : []),
    ...(config.services[name]?.ports ?? []).map(({ published, host_ip, protocol = 'tcp', target }) => ({
      service: name,
      container: target,
      protocol,
      address: host_ip && host_ip !== '0.0.0.0' && host_ip !== '::' ? host_ip : undefined,
      port: publishedPort(String(published ?? ''))?.port || undefined,
      ...variables.get(key(name, target, protocol)),
    })),
  ]);
}

const key = (service: string, container: number, protocol = 'tcp') => `${service} ${container}/${protocol}`;
