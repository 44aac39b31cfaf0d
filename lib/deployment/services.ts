import path from 'node:path';
import type { ComposeConfiguration, DeploymentService, ServiceRole } from './schema.ts';
import type { ComposeYaml } from './compose-yaml.ts';

/** Who a service is: by the last part of its image's name, else by its own name. Data, not a list of what must exist. */
const ROLES: { role: ServiceRole; image?: RegExp; service?: RegExp }[] = [
  { role: 'tmkms', image: /^tmkms/, service: /^tmkms$/ },
  { role: 'node', image: /^inferenced$/, service: /^node$/ },
  { role: 'api', image: /^api$/, service: /^api$/ },
  { role: 'proxy', image: /^proxy$/, service: /^proxy$/ },
  { role: 'explorer', image: /^explorer$/, service: /^explorer$/ },
  { role: 'mlnode', image: /^mlnode/, service: /^mlnode/ },
  // An ordinary nginx: only its name tells.
  { role: 'inference', service: /^inference$/ },
];

/** `ghcr.io/x/inferenced:0.2.8@sha256:…` → `inferenced`. */
const imageName = (image: string): string => (image.split('@')[0] ?? '').split('/').at(-1)?.replace(/:.*$/, '') ?? '';

export function serviceRole(service: string, image: string): ServiceRole {
  const name = imageName(image);
  const byImage = ROLES.find((one) => one.image?.test(name));
  return (byImage ?? ROLES.find((one) => one.service?.test(service)))?.role ?? 'other';
}

/** A Gonka deployment has at least the chain node or the API node. */
export function isGonka(yaml: ComposeYaml): boolean {
  return Object.entries(yaml.services).some(([name, definition]) => {
    const image = typeof definition.image === 'string' ? definition.image : '';
    const role = serviceRole(name, image);
    // `node` and `api` are common names: without a Gonka image they prove nothing.
    return (role === 'node' || role === 'api') && /inferenced|gonka|product-science/.test(image);
  });
}

/** The release of upstream's files by the tags of its own images (facts 1.1): node's, else api's, else tmkms's. */
export function releaseOf(services: { role: ServiceRole; image: string }[]): string | undefined {
  for (const role of ['node', 'api', 'tmkms'] as const) {
    const tag = services.filter((one) => one.role === role).map((one) => imageVersion(one.image)).find(Boolean);
    if (tag) return tag;
  }
  return undefined;
}

/** `…:0.2.14-post3@sha256:…` → `0.2.14`; a tag such as `latest` tells nothing. */
export function imageVersion(image: string): string | undefined {
  const tag = /:([^/@:]+)(?:@.*)?$/.exec(image)?.[1] ?? '';
  return /^v?(\d+\.\d+\.\d+)(?:[-+.]|$)/.exec(tag)?.[1];
}

/** Services of the interpolated configuration, chain first, in the order of their files. */
export function deploymentServices(config: ComposeConfiguration, variables: Map<string, { all: Set<string>; required: Set<string> }>, activeProfiles: string[], mlServices: Set<string>): DeploymentService[] {
  return Object.entries(config.services).map(([name, service]) => {
    const image = service.image ?? '';
    const role = serviceRole(name, image);
    const profiles = service.profiles ?? [];
    const reads = variables.get(name);
    return {
      name,
      image,
      containerName: service.container_name ?? undefined,
      group: role === 'mlnode' || role === 'inference' || mlServices.has(name) ? ('ml' as const) : ('network' as const),
      profiles,
      active: profiles.length === 0 || activeProfiles.includes('*') || profiles.some((one) => activeProfiles.includes(one)),
      dependsOn: service.depends_on ?? [],
      variables: [...(reads?.all ?? [])].sort(),
      required: [...(reads?.required ?? [])].sort(),
      role,
      mounts: service.volumes.flatMap((one) => (one.type === 'bind' && one.source ? [{ source: path.normalize(one.source), target: one.target, readOnly: one.read_only ?? false }] : [])),
      ...(service.user ? { user: service.user } : {}),
    };
  });
}
