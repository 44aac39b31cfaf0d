import path from 'node:path';
import type { ContainerMade } from '#lib/docker/container-made.ts';
import { readComposeYaml } from './compose-yaml.ts';
import { references } from './interpolation.ts';
import type { ConfigService } from './schema.ts';
import { portVariables } from './wanted-ports.ts';

/** What a variable can stand in besides the environment: a port of the machine, the source of a mount, the image. */
export type PartKind = 'port' | 'mount' | 'image';
/** `kind name` → value, such as `port 80/tcp` → `127.0.0.1:8000`, `mount /root/.cache` → `/mnt/shared`, `image` → `REPOSITORY:TAG`. */
export type Parts = Map<string, string>;

export const partKey = (kind: PartKind, name: string): string => `${kind} ${name}`;

/** What the container was made with. */
export const partsRunning = ({ ports, binds, image }: Pick<ContainerMade, 'ports' | 'binds' | 'image'>): Parts =>
  collected([
    ...ports.map((one): Part => ['port', one.container, at(one.address, one.published)]),
    ...binds.map((one): Part => ['mount', folder(one.target), mounted(one.source, one.readOnly)]),
    ...(image ? [['image', '', image] as Part] : []),
  ]);

/** What compose resolves for the service. */
export const partsWanted = ({ ports, volumes, image }: Pick<ConfigService, 'ports' | 'volumes' | 'image'>): Parts =>
  collected([
    ...ports.map((one): Part => ['port', `${one.target}/${one.protocol ?? 'tcp'}`, at(one.host_ip ?? '', String(one.published ?? ''))]),
    ...volumes.flatMap((one): Part[] => (one.type === 'bind' && one.source ? [['mount', folder(one.target), mounted(one.source, one.read_only === true)]] : [])),
    ...(image ? [['image', '', image] as Part] : []),
  ]);

type Part = [kind: PartKind, name: string, value: string];

/** One port of a container may be published more than once. */
function collected(parts: Part[]): Parts {
  const all = new Map<string, string[]>();
  for (const [kind, name, value] of parts) all.set(partKey(kind, name), [...(all.get(partKey(kind, name)) ?? []), value]);
  return new Map([...all].map(([key, values]) => [key, [...new Set(values)].sort().join(', ')]));
}

const at = (address: string, published: string) => (address ? `${address.includes(':') ? `[${address}]` : address}:${published}` : published);
/** The engine cleans paths, compose leaves them as written. */
const folder = (text: string) => path.posix.normalize(text).replace(/(.)\/$/, '$1');
const mounted = (source: string, readOnly: boolean) => `${folder(source)}${readOnly ? ':ro' : ''}`;

/** `${HF_HOME:-/mnt/shared}:/root/.cache:ro`: the source, and where it goes. */
const SHORT_MOUNT = /^(.*):(\/[^:]*)(?::[a-zA-Z,]+)?$/;

/** Service → part → variables that it is written with. Of two files, the later one's. */
export async function partReferences(dir: string, files: string[]): Promise<Map<string, Map<string, string[]>>> {
  const found = new Map<string, Map<string, string[]>>();
  const set = (service: string, key: string, names: string[]) => {
    if (names.length > 0) found.set(service, (found.get(service) ?? new Map<string, string[]>()).set(key, [...new Set(names)]));
  };
  for (const file of files) {
    const yaml = await readComposeYaml(path.resolve(/*turbopackIgnore: true*/ dir, file)).catch(() => undefined);
    for (const [service, { image, volumes }] of Object.entries(yaml?.services ?? {})) {
      if (typeof image === 'string') set(service, partKey('image', ''), references(image).map((one) => one.name));
      for (const written of Array.isArray(volumes) ? volumes : []) {
        const long = written && typeof written === 'object' ? (written as Record<string, unknown>) : undefined;
        const [, source = String(long?.source ?? ''), target = String(long?.target ?? '')] = (typeof written === 'string' && SHORT_MOUNT.exec(written)) || [];
        set(service, partKey('mount', folder(target)), references(source).map((one) => one.name));
      }
    }
  }
  for (const [place, { variable }] of await portVariables(dir, files)) {
    const [service = '', container = ''] = place.split(' ');
    set(service, partKey('port', container), [variable]);
  }
  return found;
}
