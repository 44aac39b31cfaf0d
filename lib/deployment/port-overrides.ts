import { isDeepStrictEqual } from 'node:util';
import path from 'node:path';
import { z } from 'zod';
import { PanelError } from '#lib/core/errors.ts';
import { type ComposeProject, composeConfig } from '#lib/docker/compose.ts';
import { ML_FILES } from './compose-files.ts';
import { readComposeYaml } from './compose-yaml.ts';
import { readDotEnv } from './config-env.ts';
import { internalPort, isInnerAddress, LOOPBACK } from './internal-ports.ts';
import { isPortFile, PORT_FILE_HEAD, PORT_FILES, type PortFileName } from './port-files.ts';
import type { Deployment } from './schema.ts';
import { serviceRole } from './services.ts';
import { portVariables } from './wanted-ports.ts';

/** One published port as compose prints it, every key of it: what isn't changed is written back as it was. */
const printedPort = z.looseObject({ target: z.number(), published: z.union([z.string(), z.number()]).transform(String).optional(), host_ip: z.string().optional(), protocol: z.string().optional() });
type PrintedPort = z.infer<typeof printedPort>;
const printedService = z.looseObject({ image: z.string().nullish(), ports: z.array(printedPort).nullish() });
const printed = z.looseObject({ services: z.record(z.string(), printedService) });
type Printed = z.infer<typeof printed>;

/** An internal port and where it is bound: `from` by the deployment's other files (empty: everywhere), `to` by the panel's. */
export type PortBinding = { service: string; container: number; published: string; from: string; to: string };
export type InternalPort = { service: string; container: number; published: string; address: string };
export type PortOverrides = {
  /** What each file of the panel should say; undefined: it shouldn't be there. */
  files: { name: PortFileName; text?: string }[];
  /** The ports that are changed. */
  bindings: PortBinding[];
  /** Compose's own answer with these files, for each service that they name: `target/protocol address published`. */
  ports: Map<string, string[]>;
  /** Every internal port, changed or not, as it will be; `address` empty: everywhere. */
  internal: InternalPort[];
};

/** The project without the panel's own port files: what they are made from. */
export const withoutPortFiles = (project: ComposeProject): ComposeProject => ({ ...project, files: project.files.filter((name) => !isPortFile(name)), profiles: ['*'] });

/**
 * The override files that bind every internal port that others can reach: to 127.0.0.1, and, of those that ML nodes on
 * other servers need, to `address`. A port that upstream or the operator has bound to an inner address stays there, and
 * every other port of the service keeps its meaning. Made from what compose itself prints. Without `address`: no files,
 * every port as the other files have it.
 * Throws compose_*.
 */
export async function portOverrides(of: Deployment, address: string | undefined): Promise<PortOverrides> {
  const base = withoutPortFiles(of.project);
  const [{ services }, variables, dotEnv, inMlFile] = await Promise.all([ask(base), portVariables(base.dir, base.files), readDotEnv(of.dir), mlFileServices(base)]);
  const values = { ...dotEnv, ...of.values };
  const bindings: PortBinding[] = [];
  const internal: InternalPort[] = [];
  const wanted = new Map<string, PrintedPort[]>();
  for (const [service, { image, ports }] of Object.entries(services)) {
    const role = serviceRole(service, image ?? '');
    const bound = (ports ?? []).map((port): PrintedPort => {
      const rule = internalPort(role, port.target, port.protocol);
      if (!rule) return port;
      const known = { service, container: port.target, published: port.published ?? '' };
      if (!address || isInnerAddress(port.host_ip)) {
        internal.push({ ...known, address: everywhere(port.host_ip) ? '' : (port.host_ip as string) });
        return port;
      }
      const to = rule.ml ? address : LOOPBACK;
      internal.push({ ...known, address: to });
      bindings.push({ ...known, from: port.host_ip ?? '', to });
      return { ...port, host_ip: to };
    });
    if (!isDeepStrictEqual(bound, ports ?? [])) wanted.set(service, unique(bound));
  }
  const written = (group: 'network' | 'ml') => {
    const own = [...wanted].filter(([service]) => (group === 'ml') === inMlFile.has(service));
    return own.length > 0 ? fileText(own, (service, port) => writtenPublished(service, port, wanted.get(service) ?? [], variables, values)) : undefined;
  };
  const files = (['network', 'ml'] as const).map((group) => ({ name: PORT_FILES[group], text: written(group) }));
  return { files: files.map(({ name, text }) => ({ name, ...(text ? { text } : {}) })), bindings, ports: new Map([...wanted].map(([service, ports]) => [service, ports.map(inWords).sort()])), internal: [...new Map(internal.map((one) => [JSON.stringify(one), one])).values()] };
}

/**
 * Proves by compose itself that the files in `project` do what they are for and nothing else: the named services have
 * exactly these ports, and whatever else compose prints is as without them. Throws ports_not_as_wanted, compose_*.
 */
export async function checkPortOverrides(of: Deployment, project: ComposeProject, { ports }: Pick<PortOverrides, 'ports'>): Promise<void> {
  const [before, after] = await Promise.all([ask(withoutPortFiles(of.project)), ask({ ...project, profiles: ['*'] })]);
  for (const [service, wanted] of ports) {
    const now = (after.services[service]?.ports ?? []).map(inWords).sort();
    if (!isDeepStrictEqual(now, wanted)) throw new PanelError('ports_not_as_wanted', { service, ports: now.join(', ') || '-' }, { status: 409 });
  }
  const other = Object.keys({ ...before.services, ...after.services }).find((name) => !isDeepStrictEqual(rest(before, name, ports), rest(after, name, ports)));
  if (other) throw new PanelError('ports_not_as_wanted', { service: other, ports: '-' }, { status: 409 });
}

/** No address, or the unspecified one of either family. */
export const everywhere = (address: string | undefined): boolean => !address || address === '0.0.0.0' || address === '::';

const ask = async (project: ComposeProject): Promise<Printed> => printed.parse(await composeConfig(project));
const rest = ({ services }: Printed, name: string, changed: Map<string, unknown>) => (changed.has(name) ? { ...services[name], ports: undefined } : services[name]);

async function mlFileServices(project: ComposeProject): Promise<Set<string>> {
  const names = async (files: string[]) => (await Promise.all(files.map((file) => readComposeYaml(path.resolve(/*turbopackIgnore: true*/ project.dir, file)).catch(() => ({ services: {} }))))).flatMap(({ services }) => Object.keys(services));
  const base = new Set(await names(project.files.slice(0, 1)));
  const ml = new Set(await names(project.files.filter((file) => ML_FILES.includes(file))));
  // What stands in neither belongs to an overlay, which isn't part of the guide's command for the network node.
  return new Set([...ml, ...(await names(project.files.slice(1)))].filter((name) => !base.has(name)));
}

const inWords = ({ target, protocol = 'tcp', host_ip = '', published = '' }: PrintedPort): string => `${target}/${protocol} ${host_ip} ${published}`;
const unique = (ports: PrintedPort[]): PrintedPort[] => [...new Map(ports.map((port) => [inWords(port), port])).values()];

/** `${PORT:-8080}` where the other files say so: a later change in config.env still counts. Else the number that compose printed. */
function writtenPublished(service: string, port: PrintedPort, all: PrintedPort[], variables: Awaited<ReturnType<typeof portVariables>>, values: Record<string, string>): string | undefined {
  const { target, protocol = 'tcp', published } = port;
  const from = variables.get(`${service} ${target}/${protocol}`);
  const alone = all.filter((one) => one.target === target && (one.protocol ?? 'tcp') === protocol).length === 1;
  if (!from || !alone || (values[from.variable] || from.fallback) !== published) return published;
  return from.fallback ? `\${${from.variable}:-${from.fallback}}` : `\${${from.variable}}`;
}

/** YAML in which every value is a JSON string or number; a `$` comes doubled from compose and is read back as one. */
function fileText(services: [string, PrintedPort[]][], published: (service: string, port: PrintedPort) => string | undefined): string {
  const lines = services.flatMap(([service, ports]) => [
    `  ${JSON.stringify(service)}:`,
    '    ports: !override',
    ...ports.flatMap((port) => Object.entries({ ...port, published: published(service, port) }).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [`${key}: ${JSON.stringify(value)}`])).map((line, i) => `      ${i === 0 ? '-' : ' '} ${line}`)),
  ]);
  return `${PORT_FILE_HEAD}\nservices:\n${lines.join('\n')}\n`;
}
